import type { Benchmark } from "../../datasets/benchmark.ts";
import { benchmarks } from "../../datasets/index.ts";
import { readVqaRad, type VqaRadSplit } from "../../datasets/vqa-rad/read.ts";
import type { VqaQuestion } from "../evaluation/vqa/evaluate-vqa.ts";
import { requireKnown } from "../nearest-name.ts";

const registered = (): Record<string, Benchmark> =>
  Object.fromEntries(Object.entries<Benchmark>(benchmarks).filter(([, { readQuestions }]) => readQuestions));

/** Throws: UnknownNameError for a benchmark without questions and answers. */
export const checkVqaBenchmark = (name: string): string =>
  requireKnown("question-answer benchmark", name, [...new Set(["vqa-rad", ...Object.keys(registered())])]);

/** The questions of a split in file order. Throws: what the benchmark's reader throws. */
export async function vqaQuestions(
  name: string,
  options: { folder: string; split: string; lang?: string; signal: AbortSignal },
): Promise<VqaQuestion[]> {
  const { readQuestions } = registered()[name] ?? {};
  if (!readQuestions) return vqaRadQuestions(options.folder, options.split as VqaRadSplit);
  const questions: VqaQuestion[] = [];
  for await (const record of readQuestions(options)) questions.push(record);
  return questions;
}

async function vqaRadQuestions(folder: string, split: VqaRadSplit): Promise<VqaQuestion[]> {
  const { records } = await readVqaRad(folder, { split });
  return records.map(({ qid, image, question, answer, closed }) => {
    return { id: `vqa-rad-${qid}`, benchmark: "vqa-rad", split, image, question, answer, closed, lang: "en" };
  });
}
