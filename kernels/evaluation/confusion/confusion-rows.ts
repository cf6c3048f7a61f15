import { meanInterval } from "../statistics/mean-interval.ts";
import { clusterSums } from "../statistics/resampled-means.ts";
import type { ConfusionRow } from "./result.ts";
import { type AnsweredPair, CONFUSION_METRICS, type CategoryRule, type ConfusionMetric, tally } from "./tally.ts";

/** Answers of single images count alike under both rules, so they are given once. */
const METRICS: Record<CategoryRule, readonly ConfusionMetric[]> = {
  official: CONFUSION_METRICS,
  "pair-union": ["set", "confusion", "precision"],
};

/** Every metric in every category under both category rules, with n and interval: whole clusters of pairs that share images are resampled. */
export function confusionRows(
  pairs: readonly AnsweredPair[],
  { comparable_group, seed }: { comparable_group: string; seed: number },
): ConfusionRow[] {
  return (Object.keys(METRICS) as CategoryRule[]).flatMap((rule) =>
    [...tally(pairs, rule)].flatMap(([category, cell]) =>
      METRICS[rule].map((metric): ConfusionRow => {
        const clusters = cell[metric];
        const outcomes = clusters.flat();
        const n = outcomes.length;
        const value = n ? outcomes.reduce((sum, outcome) => sum + outcome, 0) / n : null;
        const ci = n ? meanInterval(clusterSums(clusters), { seed }) : null;
        return { metric, category, rule, comparable_group, value, n, ci };
      }),
    ),
  );
}
