import { groupBy } from "../../../datasets/group-by.ts";
import { mcnemarExact } from "../statistics/mcnemar.ts";
import { type SignedRank, wilcoxonSignedRank } from "../statistics/wilcoxon.ts";
import type { ValuePair } from "./pair-values.ts";

export type TestName = "mcnemar-exact" | "wilcoxon-exact" | "wilcoxon-normal";

export type PairedTest =
  | { name: "mcnemar-exact"; p: number; onlyA: number; onlyB: number; clusters: ValuePair[][] }
  | {
      name: "wilcoxon-exact" | "wilcoxon-normal";
      p: number;
      rank: SignedRank;
      means: number[];
      clusters: ValuePair[][];
    };

/**
 * The test that fits the pairs: exact McNemar where every cluster holds one pair of right (1) or wrong (0); otherwise Wilcoxon's signed
 * ranks of the mean difference of each cluster, because pairs of one cluster are not independent.
 *
 * Source: Rosner, Glynn and Lee 2006 show why pairs of one cluster must not be ranked one by one; taking the mean of each cluster is the
 * simpler remedy used here (every cluster weighs the same).
 */
export function pairedTest(pairs: readonly ValuePair[]): PairedTest {
  const clusters = [...groupBy(pairs, ({ cluster }) => cluster).values()];
  const binary = pairs.every(({ a, b }) => (a === 0 || a === 1) && (b === 0 || b === 1));
  if (binary && clusters.length === pairs.length) {
    const onlyA = pairs.filter(({ a, b }) => a > b).length;
    const onlyB = pairs.filter(({ a, b }) => b > a).length;
    return { name: "mcnemar-exact", p: mcnemarExact(onlyA, onlyB), onlyA, onlyB, clusters };
  }
  const means = clusters.map((own) => mean(own.map(({ a, b }) => a - b)));
  const rank = wilcoxonSignedRank(means);
  return { name: `wilcoxon-${rank.method}`, p: rank.p, rank, means, clusters };
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
