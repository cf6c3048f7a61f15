// npm run bench -- edit [--json] [--models phantom,110M] [--editors a,b] [--cases 5] [--model FOLDER] [--graphs] [--python PATH]
// Seconds, passes and peak memory of an edit, each editor in a process of its own. --editors: the same ones on all models; default: every
// editor on the phantom model, on the 110M GPT those that have figures of PyTorch to compare with. --cases: edits that are timed, after one
// that is not; default 5 on the phantom model, 1 on others. --model: a folder of a text model, beside or instead of those. --graphs: what was run.
// --python: the interpreter with PyTorch, which makes the same edits on the 110M GPT; default: python3, then /usr/bin/python3.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EDITOR_IDS, type EditorId, editorNamed } from "../../kernels/editors/index.ts";
import { requireKnown } from "../../kernels/nearest-name.ts";
import { writeGptFolder } from "./edit/gpt-folder.ts";
import type { EditorResult } from "./edit/result.ts";
import { defaultEditors, isCompared, leftOut, MODEL_NAMES, REPORTED_CONDITIONS } from "./edit/subjects.ts";
import { rowOf, tableLines } from "./edit/table.ts";
import { type TorchEdits, torchEdits } from "./edit/torch-edits.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean" },
    models: { type: "string" },
    editors: { type: "string" },
    cases: { type: "string" },
    model: { type: "string" },
    graphs: { type: "boolean" },
    python: { type: "string" },
  },
});
const cases = options.cases === undefined ? undefined : Number(options.cases);
if (cases !== undefined && !(Number.isInteger(cases) && cases > 0)) {
  console.error(`--cases ${options.cases}: not a whole number of at least 1. Pass how many edits to time, such as 5.`);
  process.exit(2);
}
const named = options.editors?.split(",").map((name) => requireKnown("editor", name, EDITOR_IDS));
const wanted = options.models ?? (options.model === undefined ? MODEL_NAMES.join() : undefined);
const models = wanted?.split(",").map((name) => requireKnown("model", name, MODEL_NAMES)) ?? [];

function measured(model: string, path: string, editor: EditorId, count: number): EditorResult | string {
  const args = ["--import", "tsx", resolve(import.meta.dirname, "edit-worker.ts"), model, path, editor, String(count)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status === 0) return JSON.parse(stdout.trim().split("\n").at(-1)!) as EditorResult;
  return stderr.split("\n").find((line) => /Error: /.test(line)) ?? `ended with status ${status}`;
}

let torch: TorchEdits | string | undefined;

function sayTorch(measured: TorchEdits | string): void {
  if (typeof measured === "string") return void say(`PyTorch here: ${measured}`);
  const edits = Object.entries(measured.seconds).map(([id, seconds]) => `${id} ${seconds.toFixed(2)} s`);
  say(
    `PyTorch ${measured.version} (${measured.library}) here, the same edits, the faster of 1 and all threads: ${edits.join(", ")}`,
  );
}

const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version, load: Number(loadavg()[0].toFixed(1)) }; // prettier-ignore
const say = (line: string) => options.json || console.log(line);
const results: EditorResult[] = [];
const faults: { model: string; editor: string; fault: string }[] = [];

function measureAll(model: string, path: string): void {
  const rows = [];
  const notes = [];
  for (const id of named ?? defaultEditors(model)) {
    const reason = model === "phantom" ? undefined : leftOut(id, editorNamed(id).needs);
    if (reason) notes.push(`${id}: left out, it ${reason}`);
    if (reason) continue;
    const result = measured(model, path, id, cases ?? (model === "phantom" ? 5 : 1));
    if (typeof result === "string") {
      faults.push({ model, editor: id, fault: result });
      notes.push(`${id}: failed, ${result}`);
      continue;
    }
    results.push(result);
    rows.push(rowOf(result));
  }
  say(`\n${model}`);
  for (const line of tableLines(rows)) say(line);
  for (const note of notes) say(note);
  if (rows.some(({ reported }) => reported)) say(REPORTED_CONDITIONS);
  if (options.graphs) for (const { editor, edits } of results.filter((each) => each.model === model)) sayGraphs(editor, edits[0]); // prettier-ignore
}

function sayGraphs(editor: string, { graphs, forward, backward }: EditorResult["edits"][number]): void {
  say(`\n${editor}, its first timed edit: ${forward} passes forward, ${backward} back`);
  for (const { graph, runs, seconds, floor } of graphs)
    say(`  ${String(runs).padStart(4)} runs, ${(1000 * seconds).toFixed(1)} ms (floor ${(1000 * floor).toFixed(1)} ms)  ${graph}`); // prettier-ignore
}

say(`${machine.cpu}, ${machine.cores} cores, load ${machine.load}, Node ${machine.node}; CPU, float32`);
say(
  "s/edit: median, after one edit (first s) in which graphs are compiled. fwd, bwd: passes through the decoder, or part of it, an edit.",
);
say(
  "ratio: time of the edits over their floor, passes × time of the same passes repeated back to back, fed from the engine's memory and with",
);
say(
  "the loss alone copied out; the aim is 1.3. by CPU: the same of processor time, which other programs disturb less.",
);
say("decoder, other, between: shares of the time for those passes, for other graphs, and outside the engine.");
if (models.includes("phantom")) measureAll("phantom", "phantom");
if (models.includes("110M")) {
  const folder = mkdtempSync(join(tmpdir(), "medke-bench-gpt-"));
  try {
    writeGptFolder(folder, "110M");
    measureAll("110M", folder);
    torch = torchEdits((named ?? defaultEditors("110M")).filter(isCompared), cases ?? 1, options.python);
    sayTorch(torch);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
if (options.model !== undefined) measureAll(options.model, options.model);
if (options.json)
  console.log(JSON.stringify({ machine, reported: REPORTED_CONDITIONS, results, torch, faults }, null, 2));
process.exitCode = faults.length ? 1 : 0;
