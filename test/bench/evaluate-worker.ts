// node --import tsx evaluate-worker.ts MODEL MEDVERSA|PHANTOM EDITOR PROTOCOL CASES: evaluates once in this process and prints what it took as JSON.
import { editorNamed } from "../../kernels/editors/index.ts";
import { evaluate } from "../../kernels/evaluation/evaluate.ts";
import { loadModel } from "../../kernels/models/load-model.ts";
import { medversa, phantomMedversa } from "./evaluate-cases.ts";

const [modelName, source, editor, protocol, limit] = process.argv.slice(2);
const MB = 2 ** 20;
const model = await loadModel(modelName, { device: "cpu" });
const cases = source === "medversa" ? medversa() : phantomMedversa();
const loaded = process.memoryUsage().rss / MB;
let [probes, finished, heap] = [0, 0, 0];
const started = performance.now();
let last = started;
const evaluation = await evaluate({
  model,
  editor: editorNamed(editor),
  cases,
  protocol,
  limit: Number(limit),
  details: false,
  onProgress: () => {},
  onCase: (result) => {
    probes += result.probes.length;
    finished++;
    heap = Math.max(heap, process.memoryUsage().heapUsed / MB);
    last = performance.now();
  },
});
const ended = performance.now();
(globalThis as { gc?(): void }).gc?.();
const { heapUsed, arrayBuffers } = process.memoryUsage();
await model.dispose();
console.log(
  JSON.stringify({
    cases: finished,
    probes,
    seconds: (last - started) / 1000,
    intervals: (ended - last) / 1000,
    rows: evaluation.rows.length,
    loaded,
    heap,
    alive: (heapUsed + arrayBuffers) / MB,
    peak: process.resourceUsage().maxRSS / 1024,
  }),
);
