import { groupBy } from "../../datasets/group-by.ts";
import type { ReasonCount } from "../../datasets/reason-count.ts";
import { shownPath } from "../../datasets/shown-path.ts";
import { CancelledError, throwIfCancelled } from "../errors.ts";
import { EmptySetError } from "../evaluation/empty-set-error.ts";
import { toEvaluation } from "../evaluation/evaluate.ts";
import { evaluateCase, type Progress } from "../evaluation/protocols/single.ts";
import type { Evaluation } from "../evaluation/result.ts";
import { watchBase } from "../evaluation/verify-base.ts";
import { currentHost } from "../host.ts";
import { planUnits, type PlanSpec, type PlanUnit } from "./plan.ts";
import { openPart, readStore, type StoreContents } from "./store.ts";

export interface RunOptions extends PlanSpec {
  /** Folder of the run; made if it does not exist. A folder may hold several plans: units are known by their content. */
  folder: string;
  /** What the reader left out; it is carried into the documents. */
  skipped?: readonly ReasonCount[];
  /** Default: that of the running notebook cell. */
  signal?: AbortSignal;
  /** Called before the first unit and after every unit; stored ones count as done. Default: the progress line of the running cell. */
  onProgress?: Progress;
  /** Opens the part file. Tests put fail points here. */
  open?: typeof openPart;
}

export interface RunReport {
  /** One document per model, editor and seed, in the order of the plan. */
  evaluations: Evaluation[];
  /** Units computed now, and units that were stored before. */
  computed: number;
  reused: number;
  /** What was wrong in the part files; see `readStore`. Conflicts name units whose stored results disagree. */
  torn: number;
  duplicates: number;
  conflicts: string[];
}

/** Cause: the user stopped a run. Handled by: the same call, made again, which does only what is missing. */
export class RunInterruptedError extends CancelledError {}

/**
 * Runs a plan with single edits, doing only the units that its folder does not hold yet, and reports all of them.
 *
 * Units run one after another in this process; each is on disk before the next one starts, so that stopping or killing the process at
 * any moment costs the unit in progress alone.
 * Throws: RunInterruptedError, EmptySetError, RepeatedUnitError, RunStoreError, BaseModelChangedError; what models and editors throw.
 */
export async function runPlan(options: RunOptions): Promise<RunReport> {
  const { folder } = options;
  const models = [];
  for (const { model, digest } of options.models) models.push({ model, digest: digest ?? (await model.digest?.()) });
  const units = planUnits({ ...options, models });
  if (units.length === 0)
    throw new EmptySetError("run: the plan is empty. Name at least one model, editor, case and seed.");
  const started = new Date();
  const before = readStore(folder);
  const missing = units.filter(({ key }) => !before.units.has(key));
  if (missing.length > 0) await runMissing(options, units.length, missing);
  const stored = missing.length > 0 ? readStore(folder) : before;
  return {
    evaluations: evaluationsOf(options, units, stored, started),
    computed: missing.length,
    reused: units.length - missing.length,
    torn: stored.torn,
    duplicates: stored.duplicates,
    conflicts: stored.conflicts,
  };
}

/** The local engine: one unit after another, each stored before the next. */
async function runMissing(options: RunOptions, total: number, missing: readonly PlanUnit[]): Promise<void> {
  const { folder, cases, corpus = cases, open = openPart } = options;
  const signal = options.signal ?? currentHost()?.signal;
  const report =
    options.onProgress ?? ((done, all, detail) => currentHost()?.progress("run: single edits", done, all, detail));
  let done = total - missing.length;
  const part = open(folder);
  try {
    for (const ofModel of groupBy(missing, ({ model }) => model).values()) {
      const verify = await watchBase(ofModel[0].model, ofModel[0].case, signal);
      for (const unit of ofModel) {
        throwIfCancelled(signal, "run");
        report(done, total, `${unit.editor.id}: ${unit.case.question}`);
        part.append(unit.key, await evaluateCase({ ...unit, corpus, signal }));
        done++;
      }
      await verify();
    }
    report(done, total);
  } catch (cause) {
    if (!(cause instanceof CancelledError) && !signal?.aborted) throw cause;
    const rest = total - done;
    const next = rest === 1 ? "the last one" : `the other ${rest}`;
    throw new RunInterruptedError(
      `run folder ${shownPath(folder)}: stopped on request; ${done} of ${total} edits are stored. Run this again to finish ${next}.`,
      { cause },
    );
  } finally {
    part.close();
  }
}

function evaluationsOf(
  options: RunOptions,
  units: readonly PlanUnit[],
  stored: StoreContents,
  started: Date,
): Evaluation[] {
  const { cases, corpus = cases, skipped } = options;
  // One document for each stretch of units that differ in nothing but the case.
  const documents = [
    ...groupBy(
      units,
      (unit) =>
        `${options.models.findIndex(({ model }) => model === unit.model)} ${options.editors.indexOf(unit.editor)} ${unit.seed}`,
    ).values(),
  ];
  return documents.map((group) => {
    const [{ model, digest, editor, seed }] = group;
    const results = group.map(({ key }) => {
      const unit = stored.units.get(key);
      if (!unit) throw new Error(`internal: unit ${key} was stored and is not in the run folder`);
      return unit.result;
    });
    return toEvaluation({ model, modelDigest: digest, editor, cases, corpus, seed, started, results, skipped });
  });
}
