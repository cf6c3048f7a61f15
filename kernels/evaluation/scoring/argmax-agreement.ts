import type { AnswerScore } from "../../models/model.ts";
import { EmptySetError } from "../empty-set-error.ts";

/**
 * Share of answer positions whose most likely token is the same before and after the edit. Being right is irrelevant.
 *
 * Shapes: both scores are of the same text, argmax [tokens]. Units: fraction in [0, 1].
 * Throws: EmptySetError for a text without tokens.
 * Source: LiveEdit and DualEdit's locality rule (profile `answer-argmax`, k = 1), adapted: the reference answer is the forced text.
 * Example: argmax [29, 234, 334] before and [29, 234, 333] after give 2/3
 */
export function argmaxAgreement(before: AnswerScore, after: AnswerScore): number {
  const n = before.argmax.length;
  if (n === 0)
    throw new EmptySetError(
      "tf-token locality: the forced text has no tokens. Leave out the probe, or give it a non-empty context.",
    );
  if (after.argmax.length !== n)
    throw new Error(`internal: the forced text has ${n} tokens before the edit and ${after.argmax.length} after it`);
  return before.argmax.filter((id, i) => id === after.argmax[i]).length / n;
}
