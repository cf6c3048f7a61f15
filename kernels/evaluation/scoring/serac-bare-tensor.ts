import { UserFacingError } from "../../errors.ts";
import { maskedAccuracy } from "./masked-accuracy.ts";
import { type ScoredRows, tailWindow } from "./tail-window.ts";
import type { Variant } from "./variant.ts";

/** Cause: the official scorer meets shapes that do not go together. Handled by: whoever recognises such numbers; never a score. */
export class BareTensorError extends UserFacingError {}

/**
 * Accuracy of FGVEdit's released SERAC row, whose model returns logits without the labels that fit them: the target's ids alone are compared as
 * if they were labels of the whole input.
 *
 * Variants: official shifts these ids by one against all rows. With one id nothing is left and with three or more the shapes do not go
 * together; with two the second id is compared with every row, so that the "accuracy" counts rows and can exceed 1. It is kept to recognise
 * such numbers and is no profile. corrected takes the rows that predict the target.
 * Shapes: argmax [length], labels [T]; `scored` are the rows and labels whose likelihood is reported. Throws: BareTensorError (official).
 * Source: FGVEdit, SERAC's forward pass and the trainer's masked log-probabilities.
 */
export function seracBareTensor(
  argmax: readonly number[],
  labels: readonly number[],
  variant: Variant,
): { acc: number; scored: ScoredRows } {
  if (variant === "corrected") {
    const scored = tailWindow(argmax.length, labels, variant);
    const predicted = scored.rows.map((row) => argmax[row]);
    return { acc: maskedAccuracy(predicted, scored.labels), scored };
  }
  if (labels.length !== 2)
    throw new BareTensorError(
      `fgvedit, SERAC as released: ${labels.length} target ids cannot be compared with ${argmax.length} rows. Score the row with profile fgvedit.`,
    );
  const [, label] = labels;
  const acc = argmax.slice(0, -1).filter((id) => id === label).length;
  return { acc, scored: { rows: [0], labels: [label] } };
}
