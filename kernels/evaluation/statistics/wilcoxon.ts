import { normalCdf } from "./normal.ts";
import { midRanks } from "./ranks.ts";
import { total } from "./resampled-means.ts";

/** Up to this many differences that are not 0 the whole distribution is computed. */
export const EXACT_UP_TO = 200;

export interface SignedRank {
  /** Sum of the ranks of positive differences, and of negative ones. */
  plus: number;
  minus: number;
  /** Differences that are not 0; those that are 0 say nothing and are left out. */
  n: number;
  zeros: number;
  /** Two-sided. */
  p: number;
  method: "exact" | "normal";
}

/** Differences this small are rounding: fractions of the same tokens subtracted in another order. */
const ZERO = 1e-12;

/**
 * Wilcoxon's signed-rank test of paired differences against a distribution symmetric about 0.
 *
 * Zeros are left out and counted (Wilcoxon's own rule); equal sizes share their mid-rank. Up to 200 differences p is exact: the
 * permutation distribution of the rank sum over all signs, given these ranks, so ties need no correction. Beyond, the normal
 * approximation with tie and continuity correction. Without a difference p is 1.
 * Throws: RangeError for a difference that is not finite.
 * Source: Wilcoxon 1945; Hollander, Wolfe and Chicken 2014, section 3.1 (exact, ties, large samples).
 */
export function wilcoxonSignedRank(
  differences: readonly number[],
  { exactUpTo = EXACT_UP_TO }: { exactUpTo?: number } = {},
): SignedRank {
  if (!differences.every(Number.isFinite))
    throw new RangeError("internal: signed-rank test of a value that is not finite");
  const moved = differences.filter((d) => Math.abs(d) > ZERO);
  const { ranks, ties } = midRanks(moved.map(Math.abs));
  const plus = total(ranks.filter((_, i) => moved[i] > 0));
  const minus = total(ranks) - plus;
  const n = moved.length;
  const method = n <= exactUpTo ? "exact" : "normal";
  const least = Math.min(plus, minus);
  const p = n === 0 ? 1 : method === "exact" ? 2 * lowerTail(ranks, least) : normalP(n, ties, least);
  return { plus, minus, n, zeros: differences.length - n, p: Math.min(1, p), method };
}

/** P(rank sum <= w) when every rank has either sign with probability one half. Mid-ranks are halves, so sums are counted twofold. */
function lowerTail(ranks: readonly number[], w: number): number {
  const doubled = ranks.map((rank) => Math.round(2 * rank));
  const mass = new Float64Array(total(doubled) + 1);
  mass[0] = 1;
  let reach = 0;
  for (const step of doubled) {
    reach += step;
    for (let sum = reach; sum >= 0; sum--) mass[sum] = (mass[sum] + (sum >= step ? mass[sum - step] : 0)) / 2;
  }
  let tail = 0;
  for (let sum = 0; sum <= Math.round(2 * w); sum++) tail += mass[sum];
  return tail;
}

function normalP(n: number, ties: readonly number[], least: number): number {
  const mean = (n * (n + 1)) / 4;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - total(ties.map((t) => t ** 3 - t)) / 48;
  return 2 * normalCdf(Math.min(0, least - mean + 0.5) / Math.sqrt(variance));
}
