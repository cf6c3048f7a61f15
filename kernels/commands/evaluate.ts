import { benchmarkCases, type BenchmarkName, benchmarks } from "../../datasets/index.ts";
import { editorNamed } from "../editors/index.ts";
import { evaluate } from "../evaluation/evaluate.ts";
import type { Evaluation } from "../evaluation/result.ts";
import { formatResults } from "../evaluation/results-table.ts";
import { loadModel } from "../models/load-model.ts";
import { requireKnown } from "../nearest-name.ts";
import { runPlan } from "../runs/run.ts";
import { DEVICES } from "../runtime/device.ts";
import type { Command } from "./command.ts";
import {
  COMMON,
  CommandLineError,
  readCommandLine,
  refusePositionals,
  requireOptions,
  wholeNumber,
} from "./options.ts";
import { progressLine } from "./progress-line.ts";

const PROTOCOLS = ["single"] as const;

const options = {
  model: { help: "embedded model, or a model folder in the transformers.js layout", default: "phantom" },
  benchmark: { help: "benchmark to make edit cases from", default: "phantom/medmkeb" },
  data: { help: "folder of the benchmark's files, for one that needs any" },
  editor: { help: "editor to run; `medke editors` lists them" },
  limit: { help: "number of cases", default: "10" },
  protocol: { help: "order of edits and probes: single", default: "single" },
  seed: { help: "seed of cases, targets, editor and intervals", default: "0" },
  device: { help: "auto, cpu or webgpu (default: MEDKE_DEVICE, else auto)" },
  store: { help: "folder that keeps every finished case; the same command then does only what is missing" },
  json: { help: "print one JSON document instead of a table", flag: true },
  ...COMMON,
} as const;

export const evaluateCommand: Command = {
  usage: "medke evaluate --editor NAME [--model NAME|DIR] [--benchmark NAME] [--data DIR] [options]",
  summary: "Edits a model once per case and measures what changed and what did not.",
  options,
  async run(args, { signal, out, progress }) {
    const { options: given, positionals } = readCommandLine(args, options);
    refusePositionals("evaluate", positionals);
    // Names and numbers are checked before anything is loaded, so that a typo costs nothing.
    const benchmark = requireKnown("benchmark", given.benchmark!, Object.keys(benchmarks) as BenchmarkName[]);
    const { needsFolder } = benchmarks[benchmark];
    const needed = requireOptions<string>(
      { data: given.data, editor: given.editor },
      { ...(needsFolder && { data: `../shared/data/${benchmark}` }), editor: "ft-llm" },
    );
    if (given.data && !needsFolder)
      throw new CommandLineError(
        `--data: ${benchmark} reads no files. Leave --data out, or name the benchmark that its files belong to, for example --benchmark vqa-rad.`,
      );
    const editor = editorNamed(needed.editor);
    requireKnown("protocol", given.protocol!, PROTOCOLS);
    const device = given.device === undefined ? undefined : requireKnown("device", given.device, DEVICES);
    const limit = wholeNumber("limit", given.limit, 1);
    const seed = wholeNumber("seed", given.seed, 0);

    const line = progressLine(progress);
    const model = await loadModel(given.model!, { device, signal });
    try {
      line.note(`${model.id} on ${model.device.device}: ${model.device.reason}`);
      const answer = (image: Parameters<typeof model.answer>[0]["image"], question: string) =>
        model.answer({ image, question }, { signal });
      const { cases, skipped } = await benchmarkCases(benchmark, {
        folder: given.data,
        answer,
        limit,
        seed,
        signal,
        onProgress: (done, total) => line.update("choosing cases", done, total),
      });
      const onProgress = (done: number, total: number) => line.update(`${editor.id}: edits`, done, total);
      const common = { cases, skipped, signal, onProgress };
      let evaluation: Evaluation;
      if (given.store) {
        const run = await runPlan({
          ...common,
          folder: given.store,
          models: [{ model }],
          editors: [editor],
          seeds: [seed],
        });
        line.note(`${run.computed} cases done now, ${run.reused} were stored in ${given.store}`);
        for (const key of run.conflicts)
          line.note(`conflict: ${given.store} holds two different results for unit ${key}`);
        evaluation = run.evaluations[0];
      } else evaluation = await evaluate({ ...common, model, editor, seed });
      line.end();
      out(given.json ? JSON.stringify(evaluation, null, 2) : formatResults([evaluation]));
    } finally {
      line.end();
      await model.dispose();
    }
  },
};
