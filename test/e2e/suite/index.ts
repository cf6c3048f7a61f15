import { readdirSync } from "node:fs";
import { join } from "node:path";
import Mocha from "mocha";

/** Called by VS Code inside the extension host. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 90_000, reporter: "spec" });
  for (const file of readdirSync(__dirname).sort())
    if (file.endsWith(".test.cjs")) mocha.addFile(join(__dirname, file));
  await new Promise<void>((resolve, reject) =>
    mocha.run((failed) => (failed ? reject(new Error(`${failed} tests failed`)) : resolve())),
  );
}
