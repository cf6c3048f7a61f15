/**
 * Log-probability of `id` under one row of logits, and the most likely id (ties: the first).
 *
 * Shapes: logits [rows, vocabulary] flattened, row counted from 0. Units: nats. Accumulated in double precision.
 */
export function scoreRow(
  logits: Float32Array,
  vocabulary: number,
  row: number,
  id: number,
): { argmax: number; logprob: number } {
  const start = row * vocabulary;
  let argmax = 0;
  for (let v = 1; v < vocabulary; v++) if (logits[start + v] > logits[start + argmax]) argmax = v;
  const max = logits[start + argmax];
  let sum = 0;
  for (let v = 0; v < vocabulary; v++) sum += Math.exp(logits[start + v] - max);
  return { argmax, logprob: logits[start + id] - max - Math.log(sum) };
}
