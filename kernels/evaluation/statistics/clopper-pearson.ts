import { binomialCdf } from "./binomial.ts";

/**
 * Clopper-Pearson ("exact") interval of a proportion: the p that neither tail of the binomial test refuses.
 *
 * Units: fractions in [0, 1]. No trials give [0, 1]: nothing is known.
 * Source: Clopper and Pearson 1934; each end found by bisection on the binomial distribution.
 */
export function clopperPearson(successes: number, n: number, { level = 0.95 } = {}): [number, number] {
  const tail = (1 - level) / 2;
  const low = successes === 0 ? 0 : bisect((p) => 1 - binomialCdf(successes - 1, n, p) < tail);
  const high = successes === n ? 1 : bisect((p) => binomialCdf(successes, n, p) > tail);
  return [low, high];
}

/** The p in [0, 1] where `below` turns from true to false. */
function bisect(below: (p: number) => boolean): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (below(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
