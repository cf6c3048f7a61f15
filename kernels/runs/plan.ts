import type { EditCase } from "../../datasets/case.ts";
import type { Editor } from "../editors/editor.ts";
import { UserFacingError } from "../errors.ts";
import type { CaseSource, EvaluateOptions } from "../evaluation/evaluate.ts";
import type { EditableModel } from "../models/editable-model.ts";

/** A model of a plan. */
export interface PlannedModel {
  model: EditableModel;
  /** Digest of the model's files, so that results of other weights under the same name are not reused. */
  digest?: string;
}

/** What a run consists of: the cases, with every protocol, with every editor on every model with every seed. */
export interface PlanSpec {
  models: readonly PlannedModel[];
  editors: readonly Editor[];
  /** A list, or a reading that starts over whenever it is read again. */
  cases: CaseSource;
  /** Default ["single"]. */
  protocols?: readonly string[];
  /** Of edit-then-confuse: the pairs, and how they are asked. */
  confusion?: EvaluateOptions["confusion"];
  /** Default [0]. */
  seeds?: readonly number[];
  /** Most cases that are tested by each. Default: all. */
  limit?: number;
  /** Where in-context editors take demonstrations. Default: the cases. */
  corpus?: readonly EditCase[];
}

/** One document of a plan. */
export interface PlannedRun extends PlannedModel {
  editor: Editor;
  protocol: string;
  seed: number;
}

/** Cause: a plan names the same work twice. Handled by: the caller, who drops the repetition. */
export class RepeatedRunError extends UserFacingError {}

/**
 * The documents of a plan: grouped by model, then editor, then protocol, then seed.
 *
 * Throws: RepeatedRunError.
 */
export function planRuns({ models, editors, protocols = ["single"], seeds = [0] }: PlanSpec): PlannedRun[] {
  const runs = models.flatMap((planned) =>
    editors.flatMap((editor) =>
      protocols.flatMap((protocol) => seeds.map((seed): PlannedRun => ({ ...planned, editor, protocol, seed }))),
    ),
  );
  const seen = new Set<string>();
  for (const { model, digest, editor, protocol, seed } of runs) {
    const edits = model.edits.map(({ id }) => id);
    const key = JSON.stringify([model.id, digest, edits, editor.id, editor.options, protocol, seed]);
    if (seen.has(key))
      throw new RepeatedRunError(
        `plan: ${editor.id} on ${model.id}, ${protocol}, seed ${seed} occurs twice. Drop the repetition.`,
      );
    seen.add(key);
  }
  return runs;
}
