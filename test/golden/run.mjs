// npm run test:golden: compares engine and metrics with the reference values in GOLDEN_DIR and MODELS_DIR, says which files it has no
// test for, and closes with one line of totals. Arguments are passed to mocha.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
const shared = process.env.MEDKE_DATA ?? resolve(root, "../shared");
const folders = { GOLDEN_DIR: join(shared, "golden"), MODELS_DIR: join(shared, "models") };
for (const name of Object.keys(folders)) folders[name] = resolve(process.env[name] ?? folders[name]);

for (const [name, path] of Object.entries(folders))
  console.log(`${name}=${path}${existsSync(path) ? "" : " (not found: its files are not tested)"}`);
// A vector file is run where a test names it.
const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".test.ts"));
const sources = tests.map((name) => readFileSync(join(import.meta.dirname, name), "utf8")).join("\n");
const LATER = {
  "serac-mscke.json": "its editors (SERAC, MSCKE) are not in medke yet",
  "medrek-model.json": "its editors (MedREK, RECIPE) are not in medke yet",
  "medrek-model.safetensors": "it holds the weights of medrek-model.json",
};
if (existsSync(folders.GOLDEN_DIR))
  for (const file of readdirSync(folders.GOLDEN_DIR).sort()) {
    if (!/\.(json|safetensors)$/.test(file)) continue;
    if (sources.includes(`"${file}"`))
      console.log(LATER[file] ? `run: ${file}, in part: ${LATER[file]}` : `run: ${file}`);
    else console.log(`not run: ${file}: ${LATER[file] ?? "no test knows a file of this name"}`);
  }
if (existsSync(folders.MODELS_DIR))
  for (const entry of readdirSync(folders.MODELS_DIR, { withFileTypes: true }))
    if (entry.isDirectory() && !["tiny-families", "tinystories-656k", "vqarad-tiny-vlm"].includes(entry.name))
      console.log(`not run: models/${entry.name} has no reference values`);

const scratch = mkdtempSync(join(tmpdir(), "medke-golden-"));
const totals = join(scratch, "totals.jsonl");
const { status, signal } = spawnSync(
  process.execPath,
  [
    ...["node_modules/mocha/bin/mocha.js", "--no-config", "--node-option", "import=tsx", "--timeout", "120000"],
    ...["--reporter", "test/mocha-totals.mjs", "test/golden/**/*.test.ts", ...process.argv.slice(2)],
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, ...folders, MEDKE_TEST_TOTALS: totals } },
);
const { passes, failures } = existsSync(totals) ? JSON.parse(readFileSync(totals, "utf8")) : { passes: 0, failures: 0 };
rmSync(scratch, { recursive: true, force: true });
// A run that crashed, or found nothing to compare with, must not pass for a green one.
const crashed = signal !== null || (status !== 0 && failures === 0);
if (crashed) console.error(`The tests ended early (${signal ?? `exit code ${status}`}).`);
if (passes + failures === 0) console.error("Nothing was compared: set GOLDEN_DIR and MODELS_DIR.");
console.log(`\n${passes} passed, ${failures + (crashed ? 1 : 0)} failed`);
process.exitCode = status === 0 && passes > 0 ? 0 : 1;
