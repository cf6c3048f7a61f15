import { benchmarkFolder } from "../../datasets/benchmark-folder.ts";
import type { Benchmark } from "../../datasets/benchmark.ts";
import { benchmarks } from "../../datasets/index.ts";
import type { VqaQuestion } from "../evaluation/vqa/evaluate-vqa.ts";
import { requireKnown } from "../nearest-name.ts";
import { CommandLineError, requireFolder } from "./options.ts";

const registered: Record<string, Benchmark> = Object.fromEntries(
  Object.entries<Benchmark>(benchmarks).filter(([, { readQuestions }]) => readQuestions),
);

/** Benchmarks of questions and answers. */
export const VQA_BENCHMARKS: readonly string[] = Object.keys(registered);

/** Throws: UnknownNameError for a benchmark without questions and answers. */
export const checkVqaBenchmark = (name: string): string =>
  requireKnown("question-answer benchmark", name, VQA_BENCHMARKS);

/**
 * The folder of a benchmark's files: the given one, else where they are found by name; none for one that is drawn.
 *
 * Throws: CommandLineError for a folder that is not there, or that nothing reads; BenchmarkMissingError.
 */
export function vqaFolder(name: string, data: string | undefined): string | undefined {
  const { needsFolder } = registered[name];
  if (data && !needsFolder)
    throw new CommandLineError(
      `--data: ${name} reads no files. Leave --data out, or name the benchmark that its files belong to, for example --benchmark vqa-rad.`,
    );
  if (data) requireFolder("data", data, `the files of ${name}`);
  return data ?? (needsFolder ? benchmarkFolder(name) : undefined);
}

/** The questions of a split in file order. Throws: what `checkVqaBenchmark` and the benchmark's reader throw. */
export async function vqaQuestions(
  name: string,
  { folder = "", ...options }: { folder?: string; split: string; seed: number; lang?: string; signal: AbortSignal },
): Promise<VqaQuestion[]> {
  const { readQuestions } = registered[checkVqaBenchmark(name)];
  const questions: VqaQuestion[] = [];
  for await (const record of readQuestions!({ folder, ...options })) questions.push(record);
  return questions;
}
