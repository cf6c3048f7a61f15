import { benchmarkFolder } from "../../datasets/benchmark-folder.ts";
import type { Benchmark } from "../../datasets/benchmark.ts";
import { type BenchmarkName, benchmarks } from "../../datasets/index.ts";
import { noEdits } from "../../datasets/no-edits.ts";
import { isPhantomExport } from "../../datasets/phantom-export.ts";
import type { ConfusionPlan } from "../evaluation/confusion/confuse-edited.ts";
import { CONFUSION_MODES } from "../evaluation/confusion/result.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import { EvaluationCancelledError } from "../evaluation/evaluation-cancelled-error.ts";
import { profileNamed } from "../evaluation/profiles/index.ts";
import { protocolNamed, requireTakes } from "../evaluation/protocols/index.ts";
import type { CaseResult, Evaluation } from "../evaluation/result.ts";
import { formatResults } from "../evaluation/results-table.ts";
import { loadModel } from "../models/load-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { requireWritable } from "../runs/require-writable.ts";
import { runPlan, RunInterruptedError } from "../runs/run.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import { chosenCorpus, chosenEditor, statisticsOver } from "./editing/chosen-statistics.ts";
import { checkPairSource, confusionPairs } from "./confusion-pairs.ts";
import { openCaseLines } from "./evaluate/case-lines.ts";
import { caseSource } from "./evaluate/case-source.ts";
import { confusionReport } from "./evaluate/confusion-report.ts";
import { evaluateOptions } from "./evaluate/options.ts";
import {
  CommandLineError,
  readCommandLine,
  refusePositionals,
  requireFolder,
  requireOptions,
  wholeNumber,
} from "./options.ts";
import { progressLine } from "./progress-line.ts";

export const evaluateCommand: Command = {
  usage: "medke evaluate --editor NAME [--model NAME|DIR] [--benchmark NAME] [--data DIR] [--protocol P] [options]",
  summary:
    "Edits a model and measures what changed and what did not. Stopped with Ctrl-C it prints what was finished (exit code 130).",
  options: evaluateOptions,
  async run(args, { signal, out, progress }) {
    const given = namesAndNumbers(args);
    const { editor, protocol, profiles, limit, seed, store, json, details } = given;
    const line = progressLine(progress);
    const keys = await chosenCorpus(given.typed, signal);
    const lines = given.lines === undefined ? undefined : openCaseLines(given.lines);
    const model = await loadModel(given.model, { device: given.device, signal });
    const print = ([evaluation]: readonly Evaluation[]) => {
      line.end();
      if (!evaluation) return;
      out(json ? JSON.stringify(evaluation, null, 2) : formatResults([evaluation]));
      if (evaluation.confusion && !json) out(`\n${confusionReport(evaluation.confusion)}`);
      // Cases are chosen by what the model knows, among others: a table without this would hide it.
      if (json) for (const warning of evaluation.warnings ?? []) line.note(`note: ${warning}`);
      for (const { reason, count } of evaluation.skipped) line.note(`left out: ${count}, because ${reason}`);
    };
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      if (given.typed.set) line.note(`${editor.id} with ${given.typed.set}`);
      if (keys) line.note(`statistics of keys: ${keys.name}`);
      const chosen = (done: number, total: number) => line.update("choosing cases", done, total);
      const reads = protocol.reads(limit);
      const request = { ...given, reads, order: protocol.order, model, signal, onProgress: chosen };
      const source = await caseSource(request);
      const confusion = protocol.asksPairs ? await pairsPlan(given, signal, line.update) : undefined;
      const onProgress = (done: number, total: number, detail = "") =>
        line.update(`${editor.id}, ${protocol.id}: ${shortened(detail)}`, done, total);
      const onCase = (result: CaseResult) => lines?.add(result);
      const phantomWorld = (given.folder !== undefined && isPhantomExport(given.folder)) || undefined;
      const statistics = statisticsOver(keys, model, line.update);
      const common = {
        ...source,
        statistics,
        phantomWorld,
        limit,
        confusion,
        profiles,
        details,
        signal,
        onProgress,
        onCase,
      };
      if (store === undefined) {
        print([await evaluate({ ...common, model, editor, protocol: protocol.id, seed })]);
        return;
      }
      const plan = { models: [{ model }], editors: [editor], protocols: [protocol.id], seeds: [seed] };
      const run = await runPlan({ ...common, ...plan, folder: store });
      const found = run.reused ? `, ${run.reused} found there` : "";
      line.note(`${store}: ${run.computed} ${run.computed === 1 ? "test" : "tests"} done now and kept${found}`);
      for (const key of run.conflicts) line.note(`conflict: ${store} holds two different results for unit ${key}`);
      print(run.evaluations);
    } catch (error) {
      // What was finished is printed like a whole one; the document says in "partial" how far it came, the message below it too.
      if (error instanceof EvaluationCancelledError && error.evaluation) print([error.evaluation]);
      if (error instanceof RunInterruptedError) print(error.evaluations);
      throw error;
    } finally {
      line.end();
      lines?.close();
      await model.dispose();
    }
  },
};

/** Reads the command line and checks every name and number, so that a typo costs nothing. */
function namesAndNumbers(args: string[]) {
  const { options: given, positionals } = readCommandLine(args, evaluateOptions);
  refusePositionals("evaluate", positionals);
  const benchmark = requireKnown("benchmark", given.benchmark!, Object.keys(benchmarks) as BenchmarkName[]);
  const { needsFolder, splits, task, cases }: Benchmark = benchmarks[benchmark];
  if (given.data && !needsFolder)
    throw new CommandLineError(
      `--data: ${benchmark} reads no files. Leave --data out, or name the benchmark that its files belong to, for example --benchmark vqa-rad.`,
    );
  if (!cases) throw new CommandLineError(`--benchmark ${benchmark}: ${noEdits(benchmark, { task })}`);
  const needed = requireOptions<string>({ editor: given.editor }, { editor: "ft-llm" });
  if (given.data) requireFolder("data", given.data, `the files of ${benchmark}`);
  if (given.split !== undefined) requireKnown(`${benchmark} split`, given.split, splits);
  const editor = chosenEditor(needed.editor, given);
  const protocol = protocolNamed(given.protocol!);
  requireTakes(editor, protocol);
  const pairs = { name: given.pairs!, folder: given["pairs-data"] };
  if (protocol.asksPairs) checkPairSource(pairs);
  if (given.store !== undefined) requireWritable(given.store);
  return {
    ...{
      benchmark,
      folder: given.data ?? (needsFolder ? benchmarkFolder(benchmark) : undefined),
      split: given.split,
      editor,
      protocol,
      pairs,
      model: given.model!,
    },
    pairsLimit: given["pairs-limit"] === undefined ? undefined : wholeNumber("pairs-limit", given["pairs-limit"], 1),
    typed: given,
    mode: requireKnown("mode", given.mode!, CONFUSION_MODES),
    device: given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES),
    limit: given.limit === undefined ? protocol.defaultLimit : wholeNumber("limit", given.limit, 1),
    seed: wholeNumber("seed", given.seed, 0),
    profiles: given.profiles!.split(",").map((name) => profileNamed(name.trim()).name),
    ...{ store: given.store, lines: given.lines, json: given.json },
    // Every probe is kept in memory only where it is printed.
    details: given.json && given.lines === undefined,
  };
}

async function pairsPlan(
  { pairs, pairsLimit, mode, seed, model }: ReturnType<typeof namesAndNumbers>,
  signal: AbortSignal,
  update: (label: string, done: number, total: number) => void,
): Promise<ConfusionPlan> {
  const onProgress = (done: number, total: number) => update("finding pairs", done, total);
  return { pairs: await confusionPairs({ ...pairs, limit: pairsLimit, seed, model, signal, onProgress }), mode };
}

const LONGEST = 60;
const shortened = (text: string) => (text.length > LONGEST ? `…${text.slice(1 - LONGEST)}` : text);
