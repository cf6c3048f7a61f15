import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Transpiled copies of local modules, in a temporary folder of this process: the user's folder stays as it is. */
export class ModuleCopies {
  #folder: string | undefined;
  #count = 0;

  /** A URL that no earlier copy had, so that Node loads it anew. */
  nextUrl(name: string): string {
    if (!this.#folder) {
      const folder = mkdtempSync(join(tmpdir(), "medke-kernel-"));
      this.#folder = folder;
      process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    }
    return pathToFileURL(join(this.#folder, `${++this.#count}-${name.replace(/[^\w.-]/g, "_")}.mjs`)).href;
  }

  write(url: string, js: string): void {
    writeFileSync(new URL(url), js);
  }
}
