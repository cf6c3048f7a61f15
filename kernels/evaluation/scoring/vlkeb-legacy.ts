import { IGNORED, maskedAccuracy } from "./masked-accuracy.ts";
import { tailWindow } from "./tail-window.ts";
import type { Variant } from "./variant.ts";

/** The end token of T5 vocabularies. */
const T5_END = 1;

export interface VlkebScore {
  acc: number;
  /** Ids at the scored rows, 0 where a label is padding. [sequences][T] */
  predicted: number[][];
  labels: number[][];
}

/**
 * Token accuracy of profile `vlkeb-legacy`: the last T rows against T label ids of the answer tokenised alone.
 *
 * Shapes: argmax [sequences][length] (image tokens included), labels [sequences][T], -100 where padded; one ratio over all sequences.
 * `t5`: the model is of the T5 family, whose end token is left out of the accuracy. Units: fraction in [0, 1].
 * Throws: LabelTooLongError, EmptySetError.
 * Source: VLKEB trainer; metrics keys inner/acc, edit/acc, image_rephrase/acc, port/acc.
 */
export function vlkebLegacy(
  argmax: readonly (readonly number[])[],
  labels: readonly (readonly number[])[],
  { t5 = false, variant = "official" }: { t5?: boolean; variant?: Variant } = {},
): VlkebScore {
  const windows = labels.map((each, i) => tailWindow(argmax[i].length, each, variant));
  const shown = (label: number, id: number) => (label === IGNORED ? 0 : id);
  const predicted = windows.map(({ rows, labels: kept }, i) => rows.map((row, j) => shown(kept[j], argmax[i][row])));
  const kept = windows.map((each) => each.labels);
  return {
    acc: maskedAccuracy(predicted.flat(), kept.flat(), (label) => label !== IGNORED && !(t5 && label === T5_END)),
    predicted,
    labels: kept.map((each) => each.map((label) => shown(label, label))),
  };
}

/**
 * Labels without the pads that a padded tokeniser call leaves in them: the official code scores a pad as if it were an answer token.
 *
 * Shapes: labels [sequences][T], lengths [sequences] (tokens of each answer).
 */
export const withoutPads = (labels: readonly (readonly number[])[], lengths: readonly number[]): number[][] =>
  labels.map((each, i) => each.map((label, j) => (j < lengths[i] ? label : IGNORED)));
