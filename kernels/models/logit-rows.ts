import type { Tensor } from "../tensor.ts";

/** One row of logits: what the model says of the token after it. Shapes: logits [.., rows, vocabulary]; the row is a view, not a copy. */
export function logitRow({ data, dims }: Tensor<Float32Array>, row: number): Float32Array {
  const vocabulary = dims.at(-1)!;
  return data.subarray(row * vocabulary, (row + 1) * vocabulary);
}

/** Log-probabilities of every id under one row of logits, nats, in double precision. [vocabulary] */
export function logDistribution(row: Float32Array): Float64Array {
  let max = -Infinity;
  for (const value of row) if (value > max) max = value;
  let sum = 0;
  for (const value of row) sum += Math.exp(value - max);
  const log = Math.log(sum);
  // In this order, so that it agrees with `scoreRow` to the last bit.
  return Float64Array.from(row, (value) => value - max - log);
}
