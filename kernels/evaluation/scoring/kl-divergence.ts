import { meanOf } from "./masked-accuracy.ts";

/** KL(before || after) of some positions. Units: nats. */
export interface Divergence {
  /** Over positions of weight 1. */
  mean: number;
  sum: number;
}

/**
 * How far the distributions after the edit are from those before it, over the positions whose mask is 1.
 *
 * Shapes: before and after [positions][vocabulary], log-probabilities; mask [positions] of 0 and 1, default all 1.
 * Throws: EmptySetError where no position counts.
 * Source: locality loss of VLKEB, MEND and LiveEdit; profile `loc-kl`.
 * Example: identical distributions give exactly 0
 */
export function klDivergence(
  before: readonly Float64Array[],
  after: readonly Float64Array[],
  mask: readonly number[] = before.map(() => 1),
): Divergence {
  if (before.length !== after.length || before.length !== mask.length)
    throw new Error(`internal: ${before.length} positions before, ${after.length} after, mask of ${mask.length}`);
  const each = before.flatMap((log, i) => (mask[i] ? [kl(log, after[i])] : []));
  return { mean: meanOf(each, "KL divergence"), sum: each.reduce((sum, value) => sum + value, 0) };
}

/** Mean KL(before || after) of yes/no decisions given as logits. [items] Source: the scope classifier's locality loss in EasyEdit. */
export const bernoulliDivergence = (before: readonly number[], after: readonly number[]): number =>
  meanOf(
    before.map((logit, i) => kl(bernoulli(logit), bernoulli(after[i]))),
    "KL divergence",
  );

function kl(before: Float64Array, after: Float64Array): number {
  let sum = 0;
  // p log p is 0 where p is 0; its log is minus infinity, which would make it NaN.
  for (let v = 0; v < before.length; v++)
    if (before[v] > -Infinity) sum += Math.exp(before[v]) * (before[v] - after[v]);
  return sum;
}

const bernoulli = (logit: number) => Float64Array.of(-Math.log1p(Math.exp(-logit)), -Math.log1p(Math.exp(logit)));
