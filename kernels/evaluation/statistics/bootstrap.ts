import { quantile } from "./quantile.ts";
import { type ClusterSums, clusterSums, resampledMeans, type ResampleOptions } from "./resampled-means.ts";

/**
 * 95% percentile bootstrap interval of the mean.
 *
 * Values come in clusters (the probes of one case, or of all cases of one image), because values of one cluster are not independent:
 * whole clusters are resampled, and the mean weighs every value alike. One cluster gives [mean, mean]: nothing can be said about its spread.
 * Shapes: clusters [clusters][values]. Units: those of the values.
 * Throws: EmptySetError where there is no value, so never NaN.
 * Source: Efron and Tibshirani 1993, chapter 13 (percentile interval); quantiles interpolate linearly.
 * Example: bootstrapMean([[1], [1], [1]]) gives [1, 1]
 */
export function bootstrapMean(
  clusters: readonly (readonly number[])[],
  options: ResampleOptions & { level?: number } = {},
): [number, number] {
  return bootstrapSums(clusterSums(clusters), options);
}

/** The same interval of clusters that are summed already. */
export function bootstrapSums(
  clusters: ClusterSums,
  { level = 0.95, ...options }: ResampleOptions & { level?: number } = {},
): [number, number] {
  const means = resampledMeans(clusters, options);
  return [quantile(means, (1 - level) / 2), quantile(means, 1 - (1 - level) / 2)];
}
