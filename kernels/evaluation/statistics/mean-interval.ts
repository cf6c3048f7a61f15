import { bootstrapSums } from "./bootstrap.ts";
import { clopperPearson } from "./clopper-pearson.ts";
import type { ClusterSums, ResampleOptions } from "./resampled-means.ts";

/** Sums of the same values in another order differ in their last bits. */
const SLACK = 1e-12;

/**
 * 95% interval of a mean as every result row gives it: the percentile bootstrap of whole clusters where it sees a spread.
 *
 * Where every cluster has the same value a bootstrap has no width, as if one case were certain. If all values are 0, or all are 1, and none can
 * lie beyond ("fraction"), it is Clopper and Pearson's interval of that many clusters: [0.025, 1] of one, [0.964, 1] of a hundred. (For
 * values within [0, 1] the chance that all are 1 is at most that of right-or-wrong outcomes with the same mean, so the bound holds for them
 * too.) Otherwise, such as one image with a share of 0.5, it is null: the data say nothing about their spread.
 * Units: those of the values.
 * Source: Clopper and Pearson 1934; see `bootstrapMean` and its test of coverage.
 */
export function meanInterval(
  clusters: ClusterSums,
  { fraction = true, ...options }: ResampleOptions & { fraction?: boolean } = {},
): [number, number] | null {
  const [low, high] = bootstrapSums(clusters, options);
  if (high - low > SLACK) return [low, high];
  const { mean, sums } = clusters;
  if (!fraction) return null;
  if (Math.abs(mean) < SLACK) return clopperPearson(0, sums.length);
  if (Math.abs(mean - 1) < SLACK) return clopperPearson(sums.length, sums.length);
  return null;
}
