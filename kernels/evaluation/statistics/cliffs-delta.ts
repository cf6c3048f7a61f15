import { EmptySetError } from "../empty-set-error.ts";

/**
 * Cliff's delta of two samples: P(a > b) - P(a < b) over all pairs of one value each, in [-1, 1].
 *
 * Throws: EmptySetError where either sample is empty.
 * Source: Cliff 1993, "Dominance statistics".
 * Example: cliffsDelta([2, 3], [1, 1]) === 1
 */
export function cliffsDelta(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0)
    throw new EmptySetError("Cliff's delta: a sample is empty. Evaluate at least one case that has such a probe.");
  const sorted = [...b].sort((x, y) => x - y);
  let dominance = 0;
  for (const value of a) dominance += firstAtLeast(sorted, value) - (sorted.length - firstAbove(sorted, value));
  return dominance / (a.length * b.length);
}

const firstAtLeast = (sorted: readonly number[], value: number) => first(sorted, (each) => each >= value);
const firstAbove = (sorted: readonly number[], value: number) => first(sorted, (each) => each > value);

/** Index of the first element for which `holds`, by bisection; the length where there is none. */
function first(sorted: readonly number[], holds: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) high = middle;
    else low = middle + 1;
  }
  return low;
}
