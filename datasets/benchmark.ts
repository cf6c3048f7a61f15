import type { EditCase, TaskKind } from "./case.ts";
import type { BenchmarkCases, CaseOptions } from "./cases.ts";
import type { ConfusionPair } from "./confusion-pair.ts";
import type { ReadOptions, Reading } from "./reading.ts";
import type { ValidateOptions, ValidationReport } from "./validation.ts";
import type { VqaRecord } from "./vqa-record.ts";

/** What a benchmark's records are for. */
export type BenchmarkTask = TaskKind | "confusion-pairs" | "vqa";

/** One entry of the registry. */
export interface Benchmark {
  /** One line for lists: what it is. */
  summary: string;
  /** One line for lists: which files it needs, and under which terms they come. */
  needs: string;
  /** Whether cases are made from files of the user's; otherwise they are drawn. */
  needsFolder: boolean;
  /** What `cases`, `read` and `readPairs` take as split, the default first; `readQuestions` too, unless `questionSplits` says otherwise. */
  splits: readonly string[];
  /** What `readQuestions` takes, where that is not `splits`. */
  questionSplits?: readonly string[];
  task: BenchmarkTask;
  /** One line: the licence of its data, or that none is stated. */
  licence: string;
  /** One line: the paper, and where the files come from. */
  source: string;
  /** Makes edit cases for a model. Missing where the records hold no edits. */
  cases?(options: CaseOptions): Promise<BenchmarkCases>;
  /** Reads the records of a split as edit cases, one after another; needs no model. */
  read?(options: ReadOptions): Reading<EditCase>;
  /** Reads confusion pairs. */
  readPairs?(options: ReadOptions): Reading<ConfusionPair>;
  /** Reads questions with their answers. */
  readQuestions?(options: ReadOptions): Reading<VqaRecord>;
  /**
   * Checks a copy of the files against what was published.
   *
   * Throws: BenchmarkMissingError where none of the files is found; BenchmarkFileError for broken JSON.
   */
  validate?(folder: string, options?: ValidateOptions): Promise<ValidationReport>;
}
