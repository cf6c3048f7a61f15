// node --import tsx edit-worker.ts MODEL PATH EDITOR CASES: edits that many cases one by one in this process, and prints what it took as JSON.
import { relative } from "node:path";
import { defaultCorpus } from "../../kernels/editors/statistics/default-corpus.ts";
import { gatheredStatistics } from "../../kernels/editors/statistics/gathered-statistics.ts";
import type { EditorId } from "../../kernels/editors/index.ts";
import type { Query } from "../../kernels/models/model.ts";
import { loadModel } from "../../kernels/models/load-model.ts";
import { madeUpText, phantomCases, textCases } from "./edit/cases.ts";
import { floorOf } from "./edit/floor-of.ts";
import type { EditorResult, MeasuredEdit } from "./edit/result.ts";
import { measuredEditor, wordsFor } from "./edit/subjects.ts";
import { watchRuns } from "./edit/watch-runs.ts";

/** Cases beside the edited ones, for editors that take demonstrations. */
const CORPUS = 20;

const [name, path, id, limit] = process.argv.slice(2) as [string, string, EditorId, string];
const memory = () => process.memoryUsage().rss / 2 ** 20;
const watch = watchRuns();
const model = await loadModel(path, { device: "cpu" });
const loaded = memory();
const { editor, reported } = measuredEditor(name, id);
const wanted = Number(limit) + 1;
const corpus = name === "phantom" ? await phantomCases(model, wanted + CORPUS) : textCases(wanted, wordsFor(id));
if (name === "110M")
  Object.assign(model, { generate: async (_: Query, { maxNewTokens = 10 }) => madeUpText(maxNewTokens) });
const gathers = name === "phantom" && editor.needs.includes("statistics");
const statistics = gathers ? gatheredStatistics(model, { corpus: defaultCorpus(model, corpus)! }) : undefined;
const context = { seed: 0, corpus, statistics };
const [first, ...cases] = corpus.slice(0, wanted);

const started = performance.now();
await editor.edit(model, [first], context);
const warmUp = (performance.now() - started) / 1000;
const timed: { seconds: number; cpu: number; passes: typeof model.passes; runs: ReturnType<typeof watch.runs> }[] = [];
for (const each of cases) {
  watch.start();
  const [before, start, cpuStart] = [model.passes, performance.now(), process.cpuUsage()];
  await editor.edit(model, [each], context);
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuStart);
  const { forward, backward } = model.passes;
  const passes = { forward: forward - before.forward, backward: backward - before.backward };
  timed.push({ seconds, cpu: (user + system) / 1e6, passes, runs: watch.runs() });
}
const peak = process.resourceUsage().maxRSS / 1024;

watch.start();
watch.measure(true);
for (const each of cases) await editor.edit(model, [each], context);
const decoder = relative(process.cwd(), model.folder.onnx.decoder);
const edits = timed.map(({ seconds, cpu, passes, runs }): MeasuredEdit => ({
  seconds,
  cpu,
  ...passes,
  ...floorOf(runs, watch.floors, (graph) => graph.includes(decoder) && !graph.includes("look-up of tokens")),
}));
const [{ image, question }] = cases;
const tokens = model.promptLength({ image, question });
const { options } = editor;
const result: EditorResult = { model: name, editor: id, options, tokens, edits, warmUp, loaded, peak, reported };
await model.dispose();
console.log(JSON.stringify(result));
