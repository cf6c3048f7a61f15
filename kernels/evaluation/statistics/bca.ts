import { normalCdf, normalQuantile } from "./normal.ts";
import { quantile } from "./quantile.ts";
import { type ClusterSums, clusterSums, resampledMeans, type ResampleOptions, total } from "./resampled-means.ts";

/**
 * Bias-corrected and accelerated bootstrap interval of the mean; better than the percentile interval where values are skewed.
 *
 * Whole clusters are resampled, and the acceleration comes from leaving out one cluster at a time. Resampled means that equal the
 * observed one count half in the bias, because 0/1 outcomes give many. Without any spread it is [mean, mean].
 * Shapes: clusters [clusters][values]. Units: those of the values.
 * Throws: EmptySetError where there is no value.
 * Source: Efron 1987, "Better bootstrap confidence intervals"; Efron and Tibshirani 1993, equations 14.9 to 14.15.
 */
export function bcaMean(
  clusters: readonly (readonly number[])[],
  { level = 0.95, ...options }: ResampleOptions & { level?: number } = {},
): [number, number] {
  const summed = clusterSums(clusters);
  const means = resampledMeans(summed, options);
  const least = 0.5 / means.length;
  const bias = normalQuantile(Math.min(1 - least, Math.max(least, shareBelow(means, summed.mean))));
  const acceleration = jackknifeAcceleration(summed);
  const end = (p: number) => {
    const z = bias + normalQuantile(p);
    return quantile(means, normalCdf(bias + z / (1 - acceleration * z)));
  };
  return [end((1 - level) / 2), end(1 - (1 - level) / 2)];
}

/** Share of the sorted values below `value`; equal ones count half. Equal means differ in their last bits by the order of summation. */
function shareBelow(sorted: Float64Array, value: number): number {
  const slack = 1e-12 * Math.max(1, Math.abs(value));
  let count = 0;
  for (const each of sorted) count += Math.abs(each - value) <= slack ? 0.5 : Number(each < value);
  return count / sorted.length;
}

/** A sixth of the skewness of the means without one cluster each; 0 for one cluster and where nothing varies. */
function jackknifeAcceleration({ sums, counts }: ClusterSums): number {
  if (sums.length < 2) return 0;
  const [sum, count] = [total(sums), total(counts)];
  const without = Array.from(sums, (own, i) => (sum - own) / (count - counts[i]));
  const centre = total(without) / without.length;
  const squares = total(without.map((each) => (centre - each) ** 2));
  return squares < 1e-24 ? 0 : total(without.map((each) => (centre - each) ** 3)) / (6 * squares ** 1.5);
}
