import { benchmarkFolder } from "../../../datasets/benchmark-folder.ts";
import type { Benchmark } from "../../../datasets/benchmark.ts";
import { type BenchmarkName, benchmarks } from "../../../datasets/index.ts";
import { type Corpus, corpusOf, type CorpusText } from "../../editors/statistics/corpus.ts";
import { phantomCorpus } from "../../editors/statistics/default-corpus.ts";
import { requireKnown } from "../../nearest-name.ts";
import { CommandLineError, requireFolder } from "../options.ts";

const DEFAULT_TEXTS = 300;

/** The benchmark whose training split the default corpus is. */
const DEFAULT = "phantom/medmkeb";

export interface CorpusRequest {
  /** Default: the training questions of the phantom world. */
  benchmark?: string;
  /** Default: "train" where there is one, else the benchmark's first. */
  split?: string;
  /** Folder of the benchmark's files. */
  folder?: string;
  /** Most texts. Default 300. */
  limit?: number;
  signal?: AbortSignal;
  /** How the options are called in messages. */
  names?: { benchmark: string; folder: string };
}

/**
 * Questions and answers of a benchmark, for statistics of keys. All of it is read before it returns, but for the drawn training questions.
 *
 * Throws: UnknownNameError for benchmark and split; CommandLineError where it gives no texts; what the benchmark's reader throws.
 */
export async function corpusFor({
  benchmark = DEFAULT,
  split,
  folder,
  limit,
  signal,
  names,
}: CorpusRequest): Promise<Corpus> {
  const { benchmark: option, folder: folderOption } = names ?? { benchmark: "benchmark", folder: "data" };
  const name = requireKnown("benchmark", benchmark, Object.keys(benchmarks) as BenchmarkName[]);
  const { readQuestions, read, splits, questionSplits = splits, needsFolder }: Benchmark = benchmarks[name];
  if (folder !== undefined && !needsFolder)
    throw new CommandLineError(`--${folderOption}: ${name} reads no files. Leave --${folderOption} out.`);
  if (name === DEFAULT) {
    if (split !== undefined) requireKnown(`${name} split for statistics`, split, ["train"]);
    return phantomCorpus(limit === undefined ? undefined : Math.ceil(limit / 2));
  }
  if (!readQuestions && !read)
    throw new CommandLineError(
      `--${option} ${name}: its records are no questions with answers that are read one after another. Take another, such as ${DEFAULT} or vqa-rad; medke benchmarks lists them.`,
    );
  const known = readQuestions ? questionSplits : splits;
  const chosen = requireKnown(`${name} split`, split ?? (known.includes("train") ? "train" : known[0]), known);
  if (folder !== undefined) requireFolder(folderOption, folder, `the files of ${name}`);
  const reading = { folder: folder ?? (needsFolder ? benchmarkFolder(name) : ""), split: chosen, signal };
  const texts: CorpusText[] = [];
  const most = limit ?? DEFAULT_TEXTS;
  for await (const { image, question, answer } of readQuestions?.(reading) ?? read!(reading)) {
    if (answer === undefined) continue;
    texts.push({ image, question, answer });
    if (texts.length >= most) break;
  }
  if (texts.length === 0)
    throw new CommandLineError(
      `--${option} ${name}, split ${chosen}: none of its records has an answer. Take another benchmark or split.`,
    );
  return corpusOf(`${name} ${chosen}`, texts);
}
