import type { Benchmark } from "../../../datasets/benchmark.ts";
import { benchmarkCases, type BenchmarkName, benchmarks } from "../../../datasets/index.ts";
import type { ReasonCount } from "../../../datasets/reason-count.ts";
import type { CaseSource } from "../../evaluation/evaluate.ts";
import type { Model } from "../../models/model.ts";

export interface CaseRequest {
  benchmark: BenchmarkName;
  folder?: string;
  split?: string;
  /** Number of cases to read, and their order. */
  reads: number;
  order?: "official";
  seed: number;
  model: Model;
  signal: AbortSignal;
  onProgress: (done: number, total: number) => void;
}

/**
 * Cases of a benchmark: read from its files one after another while they are evaluated, where its reader needs no model; made beforehand
 * otherwise.
 *
 * Throws: what the benchmark's reader throws.
 */
export async function caseSource(request: CaseRequest): Promise<{ cases: CaseSource; skipped: ReasonCount[] }> {
  const { benchmark, folder, split, reads, order, seed, model, signal, onProgress } = request;
  const { read }: Benchmark = benchmarks[benchmark];
  if (read && folder !== undefined) return { cases: read({ folder, split, order, seed, signal }), skipped: [] };
  const answer: Parameters<typeof benchmarkCases>[1]["answer"] = (image, question) =>
    model.answer({ image, question }, { signal });
  return benchmarkCases(benchmark, { folder, split, order, answer, limit: reads, seed, signal, onProgress });
}
