import type { AnswerScore } from "../../models/model.ts";
import { EmptySetError } from "../empty-set-error.ts";

/** Mean log-probability of an answer's tokens, nats per token. Throws: EmptySetError for an answer without tokens. */
export function meanLogprob({ logprobs }: AnswerScore): number {
  if (logprobs.length === 0)
    throw new EmptySetError("log-probability: the scored answer has no tokens. Give the probe a non-empty answer.");
  return logprobs.reduce((sum, value) => sum + value, 0) / logprobs.length;
}
