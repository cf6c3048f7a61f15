// npm test: builds, runs every mocha suite, and closes with one line of totals. Arguments are passed to mocha's unit run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "medke-test-"));
const totals = join(scratch, "totals.jsonl");
const env = { ...process.env, MEDKE_TEST_TOTALS: totals };

const run = (what, ...args) => {
  console.log(`\n== ${what}`);
  const { status, signal } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env });
  if (signal) console.error(`${what}: ended by ${signal}`);
  return status ?? 1;
};

const mocha = ["node_modules/mocha/bin/mocha.js", "--reporter", "test/mocha-totals.mjs"];
const suites = [
  ["unit, kernel and renderer tests", ...mocha, ...process.argv.slice(2)],
  [
    "headless quickstart and command line",
    ...mocha,
    "--no-config",
    "--node-option",
    "import=tsx",
    "--timeout",
    "300000",
    "test/headless/**/*.test.ts",
  ],
  [
    "end to end in VS Code",
    ...mocha,
    "--no-config",
    "--node-option",
    "import=tsx",
    "--timeout",
    "900000",
    "test/e2e/e2e.test.ts",
  ],
];

let failed = run("build", "build.mjs");
if (!failed) for (const [what, ...args] of suites) failed = run(what, ...args) || failed;

const lines = existsSync(totals)
  ? readFileSync(totals, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];
rmSync(scratch, { recursive: true, force: true });
const sum = (key) => lines.reduce((total, line) => total + line[key], 0);
// A suite that crashed before its end has no totals and must not pass for a green one.
const missing = suites.length - lines.length;
if (missing > 0) console.error(`${missing} of ${suites.length} suites ended without totals.`);
for (const title of lines.flatMap((line) => line.skipped)) console.log(`skipped: ${title}`);
console.log(`\n${sum("passes")} passed, ${sum("failures") + Math.max(0, missing)} failed, ${sum("pending")} skipped`);
process.exitCode = failed || missing > 0 ? 1 : 0;
