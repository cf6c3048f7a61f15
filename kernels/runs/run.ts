import { shownPath } from "../../datasets/shown-path.ts";
import type { ReasonCount } from "../../datasets/reason-count.ts";
import { CancelledError, UserFacingError } from "../errors.ts";
import type { ConfusionEvaluation } from "../evaluation/confusion/result.ts";
import { EmptySetError } from "../evaluation/empty-set-error.ts";
import { evaluate, type EvaluateOptions } from "../evaluation/evaluate.ts";
import { EvaluationCancelledError } from "../evaluation/evaluation-cancelled-error.ts";
import type { Observation } from "../evaluation/observe-probe.ts";
import type { CaseResult, Evaluation } from "../evaluation/result.ts";
import { type PlanSpec, planRuns } from "./plan.ts";
import type { openPart } from "./part-writer.ts";
import { requireWritable } from "./require-writable.ts";
import { Store } from "./store.ts";

export interface RunOptions
  extends
    PlanSpec,
    Pick<
      EvaluateOptions,
      "profiles" | "synonyms" | "statistics" | "phantomWorld" | "signal" | "onProgress" | "details"
    > {
  /** Folder of the run; made if it does not exist. A folder may hold several plans: results are known by their content. */
  folder: string;
  /** What the reader left out; it is carried into the documents. */
  skipped?: readonly ReasonCount[];
  /** Called with every finished case as it comes. */
  onCase?: EvaluateOptions["onCase"];
  /** Opens the part files. Tests put fail points here. */
  open?: typeof openPart;
}

export interface RunReport {
  /** One document per model, editor, protocol and seed, in the order of the plan. */
  evaluations: Evaluation[];
  /** Tests computed now, and tests that were stored before. */
  computed: number;
  reused: number;
  /** What was wrong in the part files; see `Store`. Conflicts name results that disagree. */
  torn: number;
  duplicates: number;
  conflicts: string[];
}

/** Cause: a plan of several models brings statistics, which describe one of them. Handled by: the caller, who makes a plan of each. */
export class StatisticsOfOneModelError extends UserFacingError {}

/** Cause: the user stopped a run. Handled by: the same call, made again, which does only what is missing. */
export class RunInterruptedError extends CancelledError {
  /** The documents that were finished, and that of the run in progress as far as it came. */
  readonly evaluations: readonly Evaluation[];

  constructor(message: string, evaluations: readonly Evaluation[], cause: unknown) {
    super(message, { cause });
    this.evaluations = evaluations;
  }
}

/**
 * Runs a plan, doing only the tests that its folder does not hold yet, and reports all of them.
 *
 * Tests run one after another in this process; each is on disk before the next one starts, so that stopping or killing the process at
 * any moment costs the test in progress alone. (A sequence of edits that was cut is edited again up to where it was; no test is repeated.)
 * What the base model answers is kept in the folder too, and asked once over all editors, protocols and seeds.
 * Throws: RunInterruptedError, EmptySetError, RepeatedRunError, StatisticsOfOneModelError, RunStoreError, BaseModelChangedError; what `evaluate` throws.
 */
export async function runPlan(options: RunOptions): Promise<RunReport> {
  const { folder, open } = options;
  const runs = planRuns(options);
  if (runs.length === 0) throw new EmptySetError("run: the plan is empty. Name at least one model, editor and seed.");
  if (options.statistics && options.models.length > 1)
    throw new StatisticsOfOneModelError(
      `run: the statistics are of one model, and the plan has ${options.models.length}. Run one plan a model, or leave them to be gathered.`,
    );
  requireWritable(folder);
  const results = new Store<CaseResult>(folder, { open });
  const observations = new Store<Observation>(folder, { kind: "base" });
  const confusions = new Store<ConfusionEvaluation>(folder, { kind: "confusion" });
  const kept = { results, observations, confusions };
  const evaluations: Evaluation[] = [];
  const count = { computed: 0, reused: 0 };
  const onCase = (result: CaseResult, reused: boolean) => {
    count[reused ? "reused" : "computed"]++;
    options.onCase?.(result, reused);
  };
  try {
    for (const { model, digest: modelDigest, editor, protocol, seed } of runs)
      evaluations.push(await evaluate({ ...options, model, modelDigest, editor, protocol, seed, onCase, ...kept }));
  } catch (cause) {
    if (!(cause instanceof EvaluationCancelledError)) throw cause;
    const tests = count.computed + count.reused;
    // Of a plan of several runs only those that were begun have said how much they are.
    const of = runs.length === 1 && cause.evaluation?.partial?.of ? ` of ${cause.evaluation.partial.of}` : "";
    const kept = tests
      ? `${tests}${of} ${tests === 1 && !of ? "test is" : "tests are"} kept in ${shownPath(folder)}. Run the same again to go on.`
      : `nothing was finished yet. Run the same again to start over.`;
    throw new RunInterruptedError(
      `stopped; ${kept}`,
      [...evaluations, ...(cause.evaluation ? [cause.evaluation] : [])],
      cause,
    );
  } finally {
    for (const store of Object.values(kept)) store.close();
  }
  const { torn, duplicates, conflicts } = results;
  return { evaluations, ...count, torn, duplicates, conflicts };
}
