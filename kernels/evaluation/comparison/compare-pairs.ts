import { bcaMean } from "../statistics/bca.ts";
import { cliffsDelta } from "../statistics/cliffs-delta.ts";
import { cohensH } from "../statistics/cohens-h.ts";
import { detectableMean, detectablePaired } from "../statistics/detectable-difference.ts";
import { discordantOddsRatio } from "../statistics/discordant-odds-ratio.ts";
import { rankBiserial } from "../statistics/rank-biserial.ts";
import type { ResampleOptions } from "../statistics/resampled-means.ts";
import { pairedRiskDifference } from "../statistics/risk-difference.ts";
import { mean, pairedTest, type TestName } from "./paired-test.ts";
import type { ValuePair } from "./pair-values.ts";

/** Sums of the same values in another order differ in their last bits. */
const SLACK = 1e-12;

/** What the pairs of one metric and profile say about two editors; differences are A minus B, in the profile's unit. */
export interface PairStatistics {
  value_a: number;
  value_b: number;
  difference: number;
  /** 95% interval of `difference`, and how it was made; null where every cluster has the same difference, of which a bootstrap can say nothing. */
  lo: number | null;
  hi: number | null;
  interval: "bonett-price" | "bca-bootstrap" | null;
  test: TestName;
  /** Two-sided. */
  p: number;
  /** Pairs, and the clusters (images or facts) that they come from. */
  n: number;
  clusters: number;
  /** Effect sizes; null where the test is of the other kind, and where no pair is discordant. */
  cohens_h: number | null;
  odds_ratio: number | null;
  rank_biserial: number | null;
  cliffs_delta: number | null;
  /** The smallest difference that this n shows with power 0.8 at alpha 0.05, given the spread seen here; null where none or unknown. */
  detectable: number | null;
}

/**
 * Difference, interval, test and effect sizes of at least one pair.
 *
 * Right-or-wrong pairs that are independent get Bonett and Price's interval, which keeps a width where all agree; others a BCa bootstrap
 * of whole clusters. Cliff's delta ignores the pairing: it says how far the two sets of values lie apart.
 */
export function comparePairs(pairs: readonly ValuePair[], options: ResampleOptions = {}): PairStatistics {
  const test = pairedTest(pairs);
  const n = pairs.length;
  const [value_a, value_b] = [mean(pairs.map(({ a }) => a)), mean(pairs.map(({ b }) => b))];
  const common = { value_a, value_b, difference: value_a - value_b, test: test.name, p: test.p, n };
  if (test.name === "mcnemar-exact") {
    const { onlyA, onlyB } = test;
    const [lo, hi] = pairedRiskDifference({ onlyA, onlyB, n }).ci;
    return {
      ...common,
      lo,
      hi,
      interval: "bonett-price",
      clusters: n,
      cohens_h: cohensH(value_a, value_b),
      odds_ratio: discordantOddsRatio(onlyA, onlyB)?.ratio ?? null,
      rank_biserial: null,
      cliffs_delta: null,
      detectable: detectablePaired({ n, discordant: (onlyA + onlyB) / n }),
    };
  }
  const ends = bcaMean(
    test.clusters.map((own) => own.map(({ a, b }) => a - b)),
    options,
  );
  const [lo, hi] = ends[1] - ends[0] > SLACK ? ends : [null, null];
  const spread = deviation(test.means);
  return {
    ...common,
    lo,
    hi,
    interval: lo === null ? null : "bca-bootstrap",
    clusters: test.clusters.length,
    cohens_h: null,
    odds_ratio: null,
    rank_biserial: rankBiserial(test.rank),
    cliffs_delta: cliffsDelta(
      pairs.map(({ a }) => a),
      pairs.map(({ b }) => b),
    ),
    detectable: spread > 0 ? detectableMean({ n: test.means.length, deviation: spread }) : null,
  };
}

/** Sample standard deviation; 0 for fewer than two values. */
function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return values.length < 2 ? 0 : Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1));
}
