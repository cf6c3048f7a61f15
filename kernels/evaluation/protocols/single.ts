import type { EditCase } from "../../../datasets/case.ts";
import type { Editor } from "../../editors/editor.ts";
import { CancelledError, throwIfCancelled } from "../../errors.ts";
import { currentHost } from "../../host.ts";
import type { EditableModel } from "../../models/editable-model.ts";
import { compareProbe } from "../compare-probe.ts";
import { EmptySetError } from "../empty-set-error.ts";
import { type Observation, observeProbe } from "../observe-probe.ts";
import type { CaseResult } from "../result.ts";
import { watchBase } from "../verify-base.ts";

export interface SingleOptions {
  /** The base model; a view with edits in force is accepted and is then the base. */
  model: EditableModel;
  editor: Editor;
  /** Seed of everything random in the editor. Default 0. */
  seed?: number;
  /** Where in-context editors take demonstrations. Default: the evaluated cases; an editor never uses the edited one. */
  corpus?: readonly EditCase[];
  /** Default: that of the running notebook cell. */
  signal?: AbortSignal;
}

/** Called before the first case and after every case. Default: the progress line of the running notebook cell. */
export type Progress = (done: number, total: number, detail?: string) => void;

/** Cause: the user stopped an evaluation. Handled by: the cell or command; `finished` holds the results of the finished cases. */
export class EvaluationCancelledError extends CancelledError {
  readonly finished: CaseResult[];

  constructor(message: string, finished: CaseResult[], cause: unknown) {
    super(message, { cause });
    this.finished = finished;
  }
}

/**
 * Evaluates single edits: for every case, all its probes on the base model, one edit, all probes on the edited view, undo.
 *
 * Afterwards the base model must score the first case as before, bit for bit.
 * Throws: EmptySetError without cases; EvaluationCancelledError with the finished cases; BaseModelChangedError; what model and editor throw.
 * Source: protocol `single` (pristine base output for all probes, edit, all probes, undo).
 */
export async function evaluateSingle(
  options: SingleOptions & { cases: readonly EditCase[]; onProgress?: Progress },
): Promise<CaseResult[]> {
  const { model, editor, cases } = options;
  if (cases.length === 0)
    throw new EmptySetError(
      `${editor.id} on ${model.id}: there is no case to evaluate. Raise the limit, or see what the reader skipped.`,
    );
  const signal = options.signal ?? currentHost()?.signal;
  const report =
    options.onProgress ??
    ((done, total, detail) => currentHost()?.progress(`${editor.id}: single edits`, done, total, detail));
  const finished: CaseResult[] = [];
  try {
    const verify = await watchBase(model, cases[0], signal);
    for (const each of cases) {
      report(finished.length, cases.length, each.question);
      finished.push(await evaluateCase({ corpus: cases, ...options, signal, case: each }));
    }
    report(cases.length, cases.length);
    await verify();
    return finished;
  } catch (error) {
    if (!(error instanceof CancelledError) && !signal?.aborted) throw error;
    const message = `${editor.id} on ${model.id}: stopped on request after ${finished.length} of ${cases.length} cases. Run it again to start over.`;
    throw new EvaluationCancelledError(message, finished, error);
  }
}

/** One case of the single-edit protocol. Throws: CancelledError; what model and editor throw. The model is left as it was. */
export async function evaluateCase(options: SingleOptions & { case: EditCase }): Promise<CaseResult> {
  const { model, editor, seed = 0, corpus, signal, case: edited } = options;
  const before: Observation[] = [];
  for (const probe of edited.probes) before.push(await observeProbe(model, probe, signal));
  const asked = edited.probes.findIndex(({ kind }) => kind === "reliability");
  const answer =
    asked >= 0
      ? before[asked].answer
      : await model.answer({ image: edited.image, question: edited.question }, { signal });

  throwIfCancelled(signal, editor.id);
  const started = performance.now();
  const edit = await editor.edit(model, [edited], { seed, corpus, signal });
  const edit_ms = performance.now() - started;

  const view = model.with(edit);
  const probes = [];
  for (const [i, probe] of edited.probes.entries())
    probes.push(compareProbe(probe, before[i], await observeProbe(view, probe, signal, before[i].answer)));
  return {
    id: edited.id,
    ...(edited.image === undefined ? {} : { image: edited.image.id }),
    question: edited.question,
    answer,
    target: edited.target,
    probes,
    edit_ms,
    edit: edit.provenance,
  };
}
