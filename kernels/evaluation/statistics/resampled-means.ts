import { random } from "../../random.ts";
import { EmptySetError } from "../empty-set-error.ts";

/** Number of resamples: the interval's ends then move by less than 0.01 between seeds on 0/1 outcomes. */
export const RESAMPLES = 10_000;

export interface ResampleOptions {
  /** Seed of the resampling. Default 0. */
  seed?: number;
  /** Default 10,000. */
  resamples?: number;
}

/** Clusters as the bootstrap needs them: sum and count of each that holds a value, and the mean over all values. */
export interface ClusterSums {
  sums: number[];
  counts: number[];
  mean: number;
}

/** Throws: EmptySetError where there is no value, so never NaN. */
export function clusterSums(clusters: readonly (readonly number[])[]): ClusterSums {
  const filled = clusters.filter((cluster) => cluster.length > 0);
  if (filled.length === 0)
    throw new EmptySetError(
      "bootstrap: there is no value to resample. Evaluate at least one case that has such a probe.",
    );
  const sums = filled.map((cluster) => cluster.reduce((sum, value) => sum + value, 0));
  const counts = filled.map((cluster) => cluster.length);
  return { sums, counts, mean: total(sums) / total(counts) };
}

/** Means of as many resamples of whole clusters, sorted; a mean weighs every value alike. */
export function resampledMeans(
  { sums, counts }: ClusterSums,
  { seed = 0, resamples = RESAMPLES }: ResampleOptions = {},
): Float64Array {
  const stream = random(seed);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < sums.length; i++) {
      const drawn = stream.below(sums.length);
      sum += sums[drawn];
      count += counts[drawn];
    }
    means[r] = sum / count;
  }
  return means.sort();
}

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
