import type { OptionLetter } from "../../../datasets/confusion-pair.ts";
import { UserFacingError } from "../../errors.ts";
import { EmptySetError } from "../empty-set-error.ts";
import type { Variant } from "../scoring/variant.ts";

/** Cause: an option's tokens do not occur in the sequence that was scored. Handled by: the caller; the tokenizer joins them otherwise in context. */
export class OptionSpanError extends UserFacingError {}

/** An option that was fed as the reply, with everything around it. */
export interface PrefixInput {
  /** The whole sequence. [tokens] */
  ids: readonly number[];
  /** The tokens of the option alone. [n] */
  answer: readonly number[];
  /** [tokens][vocabulary] */
  logits: readonly ArrayLike<number>[];
}

/** Where the last occurrence of the option begins. Throws: OptionSpanError. */
export function optionStart({ ids, answer }: Pick<PrefixInput, "ids" | "answer">): number {
  if (answer.length === 0)
    throw new EmptySetError("prefix score: the option has no tokens. Give an option with words in it.");
  for (let start = ids.length - answer.length; start > 0; start--)
    if (answer.every((id, i) => ids[start + i] === id)) return start;
  throw new OptionSpanError(
    `prefix score: the option's tokens [${answer.join(" ")}] do not occur behind the prompt. Tokenise the option as it stands in the sequence.`,
  );
}

/**
 * Length-normalised likelihood of an option as the reply: the product of p^(1/n) over its n tokens.
 *
 * `corrected` reads each token's probability from its own row. `official` reads all of them from the row of the first one.
 * Units: probability per token. Throws: OptionSpanError.
 * Source: MediConfusion (arXiv 2409.15477), `do_prefix_forward`.
 */
export function prefixScore(input: PrefixInput, variant: Variant): number {
  const first = optionStart(input) - 1;
  const logprobs = input.answer.map((id, j) =>
    logSoftmaxAt(input.logits[variant === "official" ? first : first + j], id),
  );
  return likelihood(logprobs);
}

/** Likelihood per token of tokens with these log-probabilities (nats): the geometric mean of their probabilities. */
export const likelihood = (logprobs: readonly number[]): number =>
  Math.exp(logprobs.reduce((sum, value) => sum + value, 0) / logprobs.length);

/** A only if its score is strictly greater; a tie is B. */
export const choosePrefix = (a: number, b: number): OptionLetter => (a > b ? "A" : "B");

function logSoftmaxAt(row: ArrayLike<number>, id: number): number {
  let max = -Infinity;
  for (let v = 0; v < row.length; v++) max = Math.max(max, row[v]);
  let sum = 0;
  for (let v = 0; v < row.length; v++) sum += Math.exp(row[v] - max);
  return row[id] - max - Math.log(sum);
}
