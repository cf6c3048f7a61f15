import { UserFacingError } from "../../errors.ts";
import type { Variant } from "./variant.ts";

/** Cause: a label has as many tokens as the whole input, so that no window holds it. Handled by: the caller, who leaves out the probe. */
export class LabelTooLongError extends UserFacingError {}

/** Rows of the logits that are scored, and the label of each. */
export interface ScoredRows {
  rows: number[];
  labels: number[];
}

/**
 * The last T rows that predict a token, whatever they stand for: row `length - 1 - T + j` is scored against label j.
 *
 * Where the label was tokenised apart from its context and has another number of tokens there, the window slips: it begins in the question,
 * or leaves out the first answer token. `length` counts image tokens, text tokens and, where the tokenizer adds it, the first token.
 * Variants: the official guard cuts the labels to their last `length + 1`, two too many, and fails; corrected cuts to `length - 1`.
 * Throws: LabelTooLongError (official variant).
 * Source: VLKEB trainer (multimodal edit step and its masked log-probabilities).
 * Example: length 6 and labels [2, 9] give rows [3, 4]
 */
export function tailWindow(length: number, labels: readonly number[], variant: Variant = "official"): ScoredRows {
  const usable = length - 1;
  const guarded = length <= labels.length ? labels.slice(-(length + 1)) : labels;
  const kept = variant === "corrected" ? labels.slice(Math.max(0, labels.length - usable)) : guarded;
  if (kept.length > usable)
    throw new LabelTooLongError(
      `vlkeb-legacy: the answer has ${labels.length} tokens and the whole input ${length}, so no row is left to score it. ` +
        `Leave out the probe, or score it with tf-token.`,
    );
  return { rows: kept.map((_, j) => usable - kept.length + j), labels: [...kept] };
}

/** The rows that predict the n tokens after a prompt of `promptLength` tokens: what `tailWindow` means where nothing slips. */
export const answerRows = (promptLength: number, n: number): number[] =>
  Array.from({ length: n }, (_, i) => promptLength - 1 + i);
