import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

// Real models and data are never committed. Tests that need them run where MEDKE_DATA, or a `shared` folder beside the checkout,
// holds them, and are skipped with the reason printed elsewhere (listed in test/SKIPS.md).
const root = process.env.MEDKE_DATA ?? resolve(import.meta.dirname, "../../shared");

/** Absolute path of a file in the test data folder. */
export const shared = (...parts: string[]) => join(root, ...parts);

/** `describe`, skipped with its reason in the title where the named test data is absent. */
export function describeWithShared(title: string, needs: string[], body: () => void): void {
  const missing = needs.filter((path) => !existsSync(shared(path)));
  if (missing.length)
    describe.skip(`${title} [skipped: ${missing.join(", ")} not found under ${root}; set MEDKE_DATA]`, body);
  else describe(title, body);
}
