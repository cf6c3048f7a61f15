import { benchmarkFolder } from "../../datasets/benchmark-folder.ts";
import type { Benchmark } from "../../datasets/benchmark.ts";
import { type EditCase, CORRECTION_NOTICE, COUNTERFACTUAL_NOTICE, noticeOf } from "../../datasets/case.ts";
import { type BenchmarkName, benchmarks } from "../../datasets/index.ts";
import { shownPath } from "../../datasets/shown-path.ts";
import { noEdits } from "../../datasets/no-edits.ts";
import type { Edit, Editor } from "../editors/editor.ts";
import { savePack } from "../editors/pack/index.ts";
import { defaultStatistics } from "../editors/statistics/default-statistics.ts";
import type { EditableModel } from "../models/editable-model.ts";
import { loadModel } from "../models/load-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import { askedCases, askedLines } from "./editing/asked-cases.ts";
import { chosenCorpus, chosenEditor, STATISTICS_OPTIONS, statisticsOver } from "./editing/chosen-statistics.ts";
import { SET_OPTION } from "./editing/editor-settings.ts";
import { requirePackTarget } from "./editing/pack-target.ts";
import { caseSource } from "./evaluate/case-source.ts";
import {
  COMMON,
  CommandLineError,
  readCommandLine,
  refusePositionals,
  requireFolder,
  requireOptions,
  wholeNumber,
} from "./options.ts";
import { describePack, packSummary } from "./pack-summary.ts";
import { progressLine } from "./progress-line.ts";

const options = {
  model: { help: "embedded model, or a model folder in the transformers.js layout", default: "phantom" },
  editor: { help: "editor to run; `medke editors` lists them" },
  ...SET_OPTION,
  ...STATISTICS_OPTIONS,
  benchmark: { help: "benchmark to make edit cases from", default: "phantom/medmkeb" },
  data: {
    help: "folder of the benchmark's files, for one that needs any (default: data/NAME in the data folder, else what medke fetch downloaded)",
  },
  split: { help: "split of the benchmark; default: the one that its edits are meant for" },
  limit: { help: "number of cases to edit, the first ones", default: "1" },
  corpus: { help: "cases after those, from which an editor that asks for any takes demonstrations", default: "10" },
  seed: { help: "seed of cases, targets and editor", default: "0" },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  out: { help: "file to write, such as edit.medke; an edit pack that is there is replaced, any other file refused" },
  json: { help: "print one JSON document that describes the file", flag: true },
  ...COMMON,
} as const;

/** `medke edit`: makes an edit of the first cases of a benchmark and saves it as a pack. */
export const editCommand: Command = {
  usage: "medke edit --editor NAME --out FILE.medke [--model NAME|DIR] [--benchmark NAME] [--limit N] [options]",
  summary:
    "Edits a model and saves the edit as a .medke file, which medke apply and loadPack give back bit for bit on any machine. " +
    "Several cases are edited at once where the editor can, otherwise one after another.",
  options,
  async run(args, { signal, out, progress }) {
    const given = namesAndNumbers(args);
    const { editor, limit, seed } = given;
    const line = progressLine(progress);
    const keys = await chosenCorpus(given.typed, signal);
    const model = await loadModel(given.model, { device: given.device, signal });
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      if (given.typed.set) line.note(`${editor.id} with ${given.typed.set}`);
      if (keys) line.note(`statistics of keys: ${keys.name}`);
      const onProgress = (done: number, total: number) => line.update("choosing cases", done, total);
      const source = await caseSource({ ...given, model, signal, onProgress });
      const read: EditCase[] = [];
      for await (const each of source.cases) if (read.push(each) >= given.reads) break;
      const cases = read.slice(0, limit);
      if (cases.length < limit)
        throw new CommandLineError(
          `--limit ${limit}: ${given.benchmark} gives ${cases.length} cases for ${model.id}. Lower the limit, or take another benchmark or split.`,
        );
      const say = (text: string) => line.update(text, 0, 1);
      const onStep = (at: number, of: number, loss: number) => line.update(`step, loss ${loss.toFixed(3)}`, at, of);
      const onWork = (what: string, share: number) => line.update(what, Math.floor(100 * share), 100);
      const statistics = statisticsOver(keys, model, line.update) ?? defaultStatistics(editor, model, read, say);
      const edits = await makeEdits(
        editor,
        model,
        cases,
        { seed, corpus: read, statistics, signal, onStep, onWork },
        (done) => line.update(`${editor.id}: edits`, done, cases.length),
      );
      const right = cases.every((each) => noticeOf(each) === undefined);
      const pack = await savePack(given.out, edits, model, {
        notice: right ? CORRECTION_NOTICE : COUNTERFACTUAL_NOTICE,
      });
      const { device } = given;
      const elsewhere = given.model === options.model.default ? undefined : given.model;
      const asked = await askedCases(model, model.with(...edits), cases, {
        out: given.out,
        model: elsewhere,
        device,
        signal,
      });
      line.end();
      if (given.replaces) line.note(`replaced the pack that was in ${shownPath(given.out)}`);
      out(
        given.json
          ? JSON.stringify({ ...packSummary(given.out, pack), asked }, null, 2)
          : describePack(given.out, pack, askedLines(asked, cases.length)),
      );
    } finally {
      line.end();
      await model.dispose();
    }
  },
};

/** One edit of all cases where the editor takes batches; else an edit a case, each on the view with those before it. */
async function makeEdits(
  editor: Editor,
  model: EditableModel,
  cases: readonly EditCase[],
  context: Parameters<Editor["edit"]>[2],
  onEdit: (done: number) => void,
): Promise<Edit[]> {
  if (cases.length === 1 || editor.takes?.includes("batch")) return [await editor.edit(model, cases, context)];
  const edits: Edit[] = [];
  for (const each of cases) {
    edits.push(await editor.edit(model.with(...edits), [each], context));
    onEdit(edits.length);
  }
  return edits;
}

/** Reads the command line and checks every name and number, so that a typo costs nothing. */
function namesAndNumbers(args: string[]) {
  const { options: given, positionals } = readCommandLine(args, options);
  refusePositionals("edit", positionals);
  const needed = requireOptions<"editor" | "out">(
    { editor: given.editor, out: given.out },
    { editor: "ft-llm", out: "edit.medke" },
  );
  const benchmark = requireKnown("benchmark", given.benchmark!, Object.keys(benchmarks) as BenchmarkName[]);
  const { needsFolder, splits, cases, task }: Benchmark = benchmarks[benchmark];
  if (!cases) throw new CommandLineError(`--benchmark ${benchmark}: ${noEdits(benchmark, { task })}`);
  if (given.data && !needsFolder)
    throw new CommandLineError(`--data: ${benchmark} reads no files. Leave --data out, or name another benchmark.`);
  if (given.data) requireFolder("data", given.data, `the files of ${benchmark}`);
  if (given.split !== undefined) requireKnown(`${benchmark} split`, given.split, splits);
  const editor = chosenEditor(needed.editor, given);
  const limit = wholeNumber("limit", given.limit, 1);
  if (limit > 1 && !editor.takes?.length)
    throw new CommandLineError(
      `--limit ${limit}: ${editor.id} edits one case alone. Write --limit 1, or take an editor with batches or sequences; medke editors lists them.`,
    );
  const replaces = requirePackTarget(needed.out);
  const corpus = editor.needs.includes("corpus") ? wholeNumber("corpus", given.corpus, 0) : 0;
  return {
    ...{ editor, limit, benchmark, out: needed.out, model: given.model!, split: given.split, json: given.json },
    folder: given.data ?? (needsFolder ? benchmarkFolder(benchmark) : undefined),
    typed: given,
    reads: limit + corpus,
    replaces,
    seed: wholeNumber("seed", given.seed, 0),
    device: given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES),
  };
}
