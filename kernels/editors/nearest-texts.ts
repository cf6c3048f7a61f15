import { dot } from "../models/sentence-encoders/dot.ts";

/**
 * Indices of the `count` candidates that are nearest to a query (to the nearest, where there are several), nearest first; candidates at equal
 * distance keep their order. Vectors have length 1, so that the dot product is the cosine. Shapes: [width] each.
 */
export function nearestTexts(
  queries: readonly Float32Array[],
  candidates: readonly Float32Array[],
  count: number,
): number[] {
  const scores = candidates.map((candidate) => Math.max(...queries.map((query) => dot(query, candidate))));
  const order = candidates.map((_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
  return order.slice(0, count);
}
