import type { EditCase } from "../../datasets/case.ts";
import type { Editor } from "../editors/editor.ts";
import { UserFacingError } from "../errors.ts";
import { contentHash, portableCase } from "../evaluation/content-hash.ts";
import { medkeVersion } from "../evaluation/medke-version.ts";
import type { EditableModel } from "../models/editable-model.ts";

/** A model of a plan. */
export interface PlannedModel {
  model: EditableModel;
  /** Digest of the model's files, so that results of other weights under the same name are not reused. */
  digest?: string;
}

/** What a run consists of: every case with every editor on every model with every seed. */
export interface PlanSpec {
  models: readonly PlannedModel[];
  editors: readonly Editor[];
  cases: readonly EditCase[];
  /** Default [0]. */
  seeds?: readonly number[];
  /** Where in-context editors take demonstrations. Default: the cases. */
  corpus?: readonly EditCase[];
}

/** One unit of work: one edit and its probes. */
export interface PlanUnit extends PlannedModel {
  /** Hash of everything that determines the unit's result: 32 hexadecimal digits. */
  key: string;
  editor: Editor;
  case: EditCase;
  seed: number;
}

/** Cause: a plan names the same unit of work twice. Handled by: the caller, who drops the repetition. */
export class RepeatedUnitError extends UserFacingError {}

/**
 * The units of a plan: grouped by model, then editor, then seed, in the order of the cases.
 *
 * The key leaves out host, time, order and the place of the images, so that a stored result is found again wherever it was computed. It
 * holds the device, because arithmetic differs between devices, and medke's version.
 * Throws: RepeatedUnitError.
 */
export function planUnits({ models, editors, cases, seeds = [0], corpus = cases }: PlanSpec): PlanUnit[] {
  const demonstrations = contentHash(corpus.map(portableCase));
  // Only where the editor reads the corpus does it change the result, so that a longer run reuses the cases of a shorter one.
  const corpusOf = (editor: Editor) => (editor.needs.includes("corpus") ? demonstrations : undefined);
  const units = models.flatMap(({ model, digest }) =>
    editors.flatMap((editor) =>
      seeds.flatMap((seed) =>
        cases.map((each): PlanUnit => {
          const content = {
            unit: "single/v1",
            medke: medkeVersion,
            model: { id: model.id, digest, device: model.device.device, edits: model.edits.map(({ id }) => id) },
            editor: { id: editor.id, options: editor.options },
            case: portableCase(each),
            corpus: corpusOf(editor),
            seed,
          };
          return { key: contentHash(content, 32), model, digest, editor, case: each, seed };
        }),
      ),
    ),
  );
  const seen = new Set<string>();
  for (const { key, case: each, editor, model, seed } of units) {
    if (seen.has(key))
      throw new RepeatedUnitError(
        `plan: ${editor.id} on ${model.id}, case "${each.id}", seed ${seed} occurs twice. Drop the repetition.`,
      );
    seen.add(key);
  }
  return units;
}
