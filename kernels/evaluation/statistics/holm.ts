/**
 * Holm's step-down adjustment of p values for several tests, in the order given; at most 1, never in another order than the raw ones.
 *
 * Controls the chance of any false rejection whatever the tests depend on.
 * Source: Holm 1979.
 * Example: holm([0.01, 0.04, 0.03]) gives [0.03, 0.06, 0.06]
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((a, b) => ps[a] - ps[b]);
  const adjusted = new Array<number>(ps.length);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * ps[index]));
    adjusted[index] = highest;
  });
  return adjusted;
}
