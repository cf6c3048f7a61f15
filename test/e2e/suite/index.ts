import { readdirSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import Mocha from "mocha";
import { REPORT_PREFIX } from "./report-prefix.ts";
import { closeAll } from "./notebook-driver.ts";

/** Called by VS Code inside the extension host. */
export async function run(): Promise<void> {
  // Everything that VS Code logs takes the same way to the runner; the prefix tells the report from it.
  Mocha.reporters.Base.consoleLog = (...line: unknown[]) => console.log(REPORT_PREFIX + format(...line));
  const rootHooks = { afterEach: closeAll };
  const mocha = new Mocha({ ui: "bdd", color: false, timeout: 90_000, reporter: "spec", rootHooks });
  for (const file of readdirSync(__dirname).sort())
    if (file.endsWith(".test.cjs")) mocha.addFile(join(__dirname, file));
  await new Promise<void>((resolve, reject) =>
    mocha.run((failed) => (failed ? reject(new Error(`${failed} tests failed`)) : resolve())),
  );
}
