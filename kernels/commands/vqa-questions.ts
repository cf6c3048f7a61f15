import type { Benchmark } from "../../datasets/benchmark.ts";
import { benchmarks } from "../../datasets/index.ts";
import type { VqaQuestion } from "../evaluation/vqa/evaluate-vqa.ts";
import { requireKnown } from "../nearest-name.ts";

const registered = (): Record<string, Benchmark> =>
  Object.fromEntries(Object.entries<Benchmark>(benchmarks).filter(([, { readQuestions }]) => readQuestions));

/** Throws: UnknownNameError for a benchmark without questions and answers. */
export const checkVqaBenchmark = (name: string): string =>
  requireKnown("question-answer benchmark", name, Object.keys(registered()));

/** The questions of a split in file order. Throws: what `checkVqaBenchmark` and the benchmark's reader throw. */
export async function vqaQuestions(
  name: string,
  options: { folder: string; split: string; lang?: string; signal: AbortSignal },
): Promise<VqaQuestion[]> {
  const { readQuestions } = registered()[checkVqaBenchmark(name)];
  const questions: VqaQuestion[] = [];
  for await (const record of readQuestions!(options)) questions.push(record);
  return questions;
}
