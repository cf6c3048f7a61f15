import { IGNORED, maskedAccuracy, meanOf } from "./masked-accuracy.ts";
import type { Variant } from "./variant.ts";

/** Predictions and labels of a batch, shifted by one against each other. */
export interface ShiftedScore {
  acc: number;
  /** Ids at positions 0 .. L - 2, 0 where nothing is scored. [sequences][L - 1] */
  predicted: number[][];
}

/**
 * Accuracy of profile `easyedit-head`: full-length labels, `-100` outside the answer, row r against label r + 1.
 *
 * `exactMatch`: share of sequences that are right at every scored position, instead of the share of right tokens; which of the two a
 * published row used depends on its editor (IKE, MEND, WISE: exact match), so they are different groups.
 * Shapes: argmax and labels [sequences][L]. Units: fraction in [0, 1]. Throws: EmptySetError.
 * Source: EasyEdit, multimodal edit quality.
 */
export function easyEditHead(
  argmax: readonly (readonly number[])[],
  labels: readonly (readonly number[])[],
  { exactMatch = false }: { exactMatch?: boolean } = {},
): ShiftedScore {
  const targets = labels.map((each) => each.slice(1));
  const predicted = argmax.map((each, i) => each.slice(0, -1).map((id, j) => (targets[i][j] === IGNORED ? 0 : id)));
  const right = targets.map((each, i) =>
    Number(each.every((label, j) => label === IGNORED || label === predicted[i][j])),
  );
  const acc = exactMatch ? meanOf(right, "exact match") : maskedAccuracy(predicted.flat(), targets.flat());
  return { acc, predicted };
}

/** The predictions that EasyEdit lists beside a score: every id 0 is dropped, also one that is an answer token. */
export const listedPredictions = ({ predicted }: ShiftedScore): number[] => predicted.flat().filter((id) => id !== 0);

/**
 * Locality of the older multimodal editor path. It compares pairs (predictions, labels); labels always agree with themselves, so the
 * official number is never below one half. Kept to recognise such numbers; never a score.
 *
 * Shapes: ids at the scored rows before and after. Throws: EmptySetError.
 * Variants: corrected compares the predictions alone. Source: EasyEdit, multimodal editor.
 */
export function pairedLocality(before: readonly number[], after: readonly number[], variant: Variant): number {
  const kept = maskedAccuracy(after, before);
  return variant === "official" ? (kept + 1) / 2 : kept;
}
