import type { EditCase, ImageRef } from "./case.ts";
import type { ReasonCount } from "./reason-count.ts";

/** What a benchmark needs to make edit cases. */
export interface CaseOptions {
  /** Folder of the benchmark's files. A benchmark that needs none keeps the pictures there that it draws; default: the user's cache. */
  folder?: string;
  /** The base model's own answer; asked at most once per image and question. */
  answer: (image: ImageRef, question: string, signal?: AbortSignal) => Promise<string>;
  /** Number of cases wanted; must be >= 1. Fewer come back where the benchmark runs out. */
  limit: number;
  /** Seed of the order, the targets and the locality probes. Default 0. */
  seed?: number;
  /** One of the benchmark's `splits`. Default: its first. */
  split?: string;
  /** Of a published benchmark: "file" (default) takes its first records, "official" those that the benchmark's own shuffle puts first. */
  order?: "file" | "official";
  /** Whether every image is decoded before the model is asked anything, so that a damaged one is named at once. Default true. */
  checkImages?: boolean;
  /** What to do with a malformed record: refuse the file (default), or count it among the skipped. */
  onInvalid?: "throw" | "report";
  signal?: AbortSignal;
  /** Called after every case made. */
  onProgress?: (done: number, total: number) => void;
}

export interface BenchmarkCases {
  cases: EditCase[];
  /** Records left out, with the reason and the count. */
  skipped: ReasonCount[];
}
