/**
 * How many wrong candidates are at least as similar to each query as the best right one: 0 where a right one comes first. Ties count
 * against the encoder.
 *
 * Shapes: unit vectors; result [queries]. `isRight` is asked with the numbers of query and candidate; every query has a right one.
 */
export function ranksOf(
  queries: readonly Float32Array[],
  candidates: readonly Float32Array[],
  isRight: (query: number, candidate: number) => boolean,
): number[] {
  return queries.map((query, q) => {
    const scores = candidates.map((candidate) => similarity(query, candidate));
    const best = Math.max(...scores.filter((_, c) => isRight(q, c)));
    return scores.filter((score, c) => score >= best && !isRight(q, c)).length;
  });
}

/** Cosine of two unit vectors. */
export function similarity(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
