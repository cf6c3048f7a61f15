// npm run bench -- evaluate [--json] [--cases 100,1000,10000] [--editor no-op] [--protocol single] [--only tinystories-656k|phantom]
// Cases per second and peak memory of an evaluation by its length; every figure comes from a process of its own. Without --only it takes the
// first model whose files are there.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { shared } from "../shared-data.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    cases: { type: "string", default: "100,1000,10000" },
    editor: { type: "string", default: "no-op" },
    protocol: { type: "string", default: "single" },
    only: { type: "string" },
  },
});

interface Measured {
  cases: number;
  probes: number;
  /** Of the cases alone, and of the intervals of all rows after them. */
  seconds: number;
  intervals: number;
  rows: number;
  /** Resident memory once the model is loaded, the most that lay on the JavaScript heap, and the most resident, MB. */
  loaded: number;
  heap: number;
  peak: number;
  /** What is in use at the end, on the heap and in buffers, once the garbage is collected, MB: the rest of `peak` could have been given back. */
  alive: number;
}

const subjects = [
  { name: "tinystories-656k", model: shared("models/tinystories-656k"), source: "medversa", needs: [shared("models/tinystories-656k"), shared("data/medversa")] }, // prettier-ignore
  { name: "phantom", model: "phantom", source: "phantom", needs: [] },
];

/** The model that is asked for, or the first whose files are there; ends the process where there is none. */
function subject() {
  const asked = subjects.filter(({ name }) => options.only === undefined || options.only === name);
  for (const each of asked) {
    const missing = each.needs.filter((path) => !existsSync(path));
    if (missing.length === 0) return each;
    console.error(`${each.name}: left out, ${missing.join(" and ")} not found; set MEDKE_DATA`);
  }
  if (asked.length === 0)
    console.error(`--only ${options.only}: no such model. Known: ${subjects.map(({ name }) => name).join(", ")}.`);
  process.exit(2);
}

function measure(model: string, source: string, cases: string): Measured {
  const file = resolve(import.meta.dirname, "evaluate-worker.ts");
  const args = ["--expose-gc", "--import", "tsx", file, model, source, options.editor, options.protocol, cases];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }); // prettier-ignore
  if (status !== 0) process.exit(status ?? 1);
  return JSON.parse(stdout.trim().split("\n").at(-1)!) as Measured;
}

const { name, model, source } = subject();
const machine = { cpu: cpus()[0].model, cores: cpus().length, load: Number(loadavg()[0].toFixed(1)) };
if (!options.json) {
  console.log(`${machine.cpu}, ${machine.cores} cores, load ${machine.load}, Node ${process.version}`);
  console.log(`editor ${options.editor}, protocol ${options.protocol}, memory in MB\n`);
  console.log("model               cases  probes  cases/s  probes/s  intervals s  loaded    heap    peak   alive");
}
const rows = [];
for (const cases of options.cases.split(",")) {
  const measured = measure(model, source, cases);
  rows.push({ model: name, ...measured });
  if (options.json) continue;
  const { probes, seconds, intervals, loaded, heap, peak, alive } = measured;
  const cells = [
    [measured.cases.toFixed(0), 6],
    [probes.toFixed(0), 8],
    [(measured.cases / seconds).toFixed(2), 9],
    [(probes / seconds).toFixed(1), 10],
    [intervals.toFixed(1), 13],
    [loaded.toFixed(0), 8],
    [heap.toFixed(0), 8],
    [peak.toFixed(0), 8],
    [alive.toFixed(0), 8],
  ] as const;
  console.log(name.padEnd(19) + cells.map(([text, width]) => text.padStart(width)).join(""));
}
if (options.json) console.log(JSON.stringify({ machine, editor: options.editor, protocol: options.protocol, rows }, null, 2)); // prettier-ignore
