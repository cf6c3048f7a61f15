import { EmptySetError } from "../empty-set-error.ts";
import { twoSidedZ } from "./normal.ts";
import { wilsonInterval } from "./wilson.ts";

export interface RiskDifference {
  difference: number;
  ci: [number, number];
}

/**
 * Difference of two success rates on the same `n` cases, A minus B, with its interval.
 *
 * `onlyA` and `onlyB` count the discordant pairs. The interval keeps a width where no pair is discordant, unlike a bootstrap.
 * Throws: EmptySetError for n = 0.
 * Source: Bonett and Price 2012, adjusted Wald interval for paired proportions (one added to each discordant cell, two to n).
 */
export function pairedRiskDifference(
  { onlyA, onlyB, n }: { onlyA: number; onlyB: number; n: number },
  { level = 0.95 } = {},
): RiskDifference {
  if (n === 0) throw new EmptySetError("risk difference: there is no pair. Evaluate both editors on the same cases.");
  const [a, b] = [(onlyA + 1) / (n + 2), (onlyB + 1) / (n + 2)];
  const half = twoSidedZ(level) * Math.sqrt((a + b - (a - b) ** 2) / (n + 2));
  return {
    difference: (onlyA - onlyB) / n,
    ci: [Math.max(-1, a - b - half), Math.min(1, a - b + half)],
  };
}

/**
 * Difference of two success rates on different cases, A minus B, with its interval.
 *
 * Throws: EmptySetError where either has no case.
 * Source: Newcombe 1998, "Interval estimation for the difference between independent proportions", method 10 (Wilson, squared and added).
 */
export function unpairedRiskDifference(
  a: { successes: number; n: number },
  b: { successes: number; n: number },
  { level = 0.95 } = {},
): RiskDifference {
  const [lowA, highA] = wilsonInterval(a.successes, a.n, { level });
  const [lowB, highB] = wilsonInterval(b.successes, b.n, { level });
  const [pa, pb] = [a.successes / a.n, b.successes / b.n];
  const difference = pa - pb;
  return {
    difference,
    ci: [difference - Math.hypot(pa - lowA, highB - pb), difference + Math.hypot(highA - pa, pb - lowB)],
  };
}
