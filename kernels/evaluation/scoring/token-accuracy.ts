import type { AnswerScore } from "../../models/model.ts";
import { EmptySetError } from "../empty-set-error.ts";

/**
 * Share of answer tokens that are the model's most likely token under teacher forcing.
 *
 * Shapes: ids [tokens], argmax [tokens]. Units: fraction in [0, 1].
 * Throws: EmptySetError for an answer without tokens.
 * Source: profile `tf-token` (answer ids in their context, answer mask; corrected form of the VLKEB scorer).
 * Example: ids [2, 9], argmax [2, 4] give 0.5
 */
export function tokenAccuracy({ ids, argmax }: AnswerScore): number {
  if (ids.length === 0)
    throw new EmptySetError(
      "tf-token: the scored answer has no tokens. Leave out the probe, or give it a non-empty answer.",
    );
  return ids.filter((id, i) => id === argmax[i]).length / ids.length;
}
