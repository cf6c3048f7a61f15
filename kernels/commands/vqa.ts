import { evaluateVqa, type VqaEvaluation } from "../evaluation/vqa/evaluate-vqa.ts";
import type { VqaMetric } from "../evaluation/vqa/vqa-rows.ts";
import { otherWorld } from "../evaluation/warnings.ts";
import { loadModel } from "../models/load-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import { COMMON, readCommandLine, refusePositionals, wholeNumber } from "./options.ts";
import { progressLine } from "./progress-line.ts";
import { textTable } from "./text-table.ts";
import { checkVqaBenchmark, VQA_BENCHMARKS, vqaFolder, vqaQuestions } from "./vqa-questions.ts";

const METRICS: Record<VqaMetric, string> = {
  overall: "overall",
  closed: "closed",
  open: "open",
  "open-recall": "open, token recall",
};

const options = {
  model: { help: "embedded model, or a model folder in the transformers.js layout", default: "phantom" },
  benchmark: { help: `benchmark of questions and answers: ${VQA_BENCHMARKS.join(", ")}`, default: "phantom/vqa" },
  data: {
    help: "folder of the benchmark's files, for one that needs any (default: data/NAME in the data folder, else what medke fetch downloaded)",
  },
  split: { help: "split to ask", default: "test" },
  lang: { help: "language, for a benchmark in several" },
  limit: { help: "most questions (default: all)" },
  controls: { help: "also ask about another record's image and about a grey one", flag: true },
  seed: { help: "seed of drawn questions, of the shuffled images and of the intervals", default: "0" },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  json: { help: "print one JSON document instead of a table", flag: true },
  ...COMMON,
} as const;

export const vqaCommand: Command = {
  usage: "medke vqa [--model NAME|DIR] [--benchmark NAME] [--data DIR] [--split test] [--controls] [options]",
  summary:
    "Asks a model the questions of a benchmark and counts exact answers, beside what is right without the image.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    refusePositionals("vqa", positionals);
    const benchmark = checkVqaBenchmark(given.benchmark!);
    const folder = vqaFolder(benchmark, given.data);
    const device = given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES);
    const limit = given.limit === undefined ? undefined : wholeNumber("limit", given.limit, 1);
    const seed = wholeNumber("seed", given.seed, 0);

    const read = (split: string) => vqaQuestions(benchmark, { folder, split, seed, lang: given.lang, signal });
    const line = progressLine(progress);
    line.update("reading questions", 0, 1);
    const questions = (await read(given.split!)).slice(0, limit);
    const training = await read("train");
    const model = await loadModel(given.model!, { device, signal });
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      const warning = otherWorld(model.id, benchmark);
      if (warning) line.note(`note: ${warning}`);
      const evaluation = await evaluateVqa(model, questions, {
        ...{ training, controls: given.controls, seed, signal },
        onProgress: (done, total) => line.update("questions", done, total),
      });
      line.end();
      out(given.json ? JSON.stringify(evaluation, null, 2) : describe(evaluation));
    } finally {
      line.end();
      await model.dispose();
    }
  },
};

function describe({ model, benchmark, split, comparable_group, rows, answers }: VqaEvaluation): string {
  const percent = (value: number) => (100 * value).toFixed(1);
  const metrics = Object.keys(METRICS) as VqaMetric[];
  const lines = Object.keys(answers).map((condition) => [
    condition,
    ...metrics.map((metric) => {
      const row = rows.find((each) => each.condition === condition && each.metric === metric);
      if (!row) return "-";
      return `${percent(row.value)}${row.ci ? ` [${row.ci.map(percent).join(", ")}]` : ""} of ${row.n}`;
    }),
  ]);
  return [
    `${model} · ${benchmark} ${split}, ${answers.model!.length} questions · ${comparable_group}`,
    "",
    textTable(["", ...metrics.map((metric) => METRICS[metric])], lines),
    "",
    "Percent exact match [95% interval over images] of how many; token recall is another measure and never averaged with it.",
  ].join("\n");
}
