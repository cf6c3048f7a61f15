import { benchmarkFolder } from "../datasets/benchmark-folder.ts";
import type { BenchmarkCases } from "../datasets/cases.ts";
import { benchmarkCases, type BenchmarkName, benchmarks } from "../datasets/index.ts";
import { currentHost } from "./host.ts";
import type { Model } from "./models/model.ts";

export interface LoadCasesOptions {
  /** The base model; a case edits an answer that it gives. */
  model: Model;
  /** Number of cases. Default 10. */
  limit?: number;
  /** Seed of the order, the targets and the locality probes. Default 0. */
  seed?: number;
  /** One of the benchmark's splits. Default: the one that its edits are meant for. */
  split?: string;
  /** Folder of the benchmark's files. Default, for a benchmark that needs files: `data/<benchmark>` in the data folder, else what `medke fetch` has downloaded. */
  folder?: string;
  /** What to do with a malformed record: refuse the file (default), or count it among the skipped. */
  onInvalid?: "throw" | "report";
  /** Default: that of the running notebook cell. */
  signal?: AbortSignal;
}

/**
 * Makes edit cases of a benchmark for a model; shows progress in a notebook.
 *
 * Example: const { cases, skipped } = await loadCases("vqa-rad", { model, limit: 10 });
 * Throws: UnknownNameError with the nearest benchmark; BenchmarkMissingError where its files are not found; what the benchmark's reader throws.
 */
export async function loadCases(name: BenchmarkName, options: LoadCasesOptions): Promise<BenchmarkCases> {
  const { model, limit = 10, seed = 0, signal = currentHost()?.signal } = options;
  return benchmarkCases(name, {
    folder: options.folder ?? (benchmarks[name]?.needsFolder ? benchmarkFolder(name) : undefined),
    split: options.split,
    answer: (image, question) => model.answer({ image, question }, { signal }),
    limit,
    seed,
    onInvalid: options.onInvalid,
    signal,
    onProgress: (done, total) => currentHost()?.progress(`${name}: choosing cases`, done, total),
  });
}
