import { random } from "../../random.ts";
import { EmptySetError } from "../empty-set-error.ts";

const [FEWEST, MOST] = [1_000, 10_000];
/** Clusters drawn in all. */
const DRAWS = 2_000_000;

/**
 * Number of resamples for so many clusters: 10,000, and of more than 200 clusters fewer, down to 1,000.
 *
 * An interval's end varies between seeds by about 2.7 standard errors of the mean over the root of the resamples, and that standard error
 * itself falls with the root of the clusters: while resamples times clusters stay the same, so does the precision (about 0.001 on 0/1
 * outcomes).
 */
export const resamplesFor = (clusters: number): number =>
  Math.min(MOST, Math.max(FEWEST, Math.ceil(DRAWS / Math.max(1, clusters))));

export interface ResampleOptions {
  /** Seed of the resampling. Default 0. */
  seed?: number;
  /** Default: `resamplesFor`. */
  resamples?: number;
}

/** Clusters as the bootstrap needs them: sum and count of each that holds a value, and the mean over all values. */
export interface ClusterSums {
  sums: ArrayLike<number>;
  counts: ArrayLike<number>;
  mean: number;
}

/** Throws: EmptySetError where there is no value, so never NaN. */
export function clusterSums(clusters: readonly (readonly number[])[]): ClusterSums {
  return summedClusters(
    clusters.map((cluster) => total(cluster)),
    clusters.map((cluster) => cluster.length),
  );
}

/** The same of clusters whose sums and counts are known; those without a value are left out. Throws: EmptySetError. */
export function summedClusters(sums: ArrayLike<number>, counts: ArrayLike<number>): ClusterSums {
  const filled = Array.from(counts, (_, i) => i).filter((i) => counts[i] > 0);
  if (filled.length === 0)
    throw new EmptySetError(
      "bootstrap: there is no value to resample. Evaluate at least one case that has such a probe.",
    );
  const kept = {
    sums: Float64Array.from(filled, (i) => sums[i]),
    counts: Float64Array.from(filled, (i) => counts[i]),
  };
  return { ...kept, mean: total(kept.sums) / total(kept.counts) };
}

/** Means of as many resamples of whole clusters, sorted; a mean weighs every value alike. */
export function resampledMeans(
  { sums, counts, mean }: ClusterSums,
  { seed = 0, resamples = resamplesFor(sums.length) }: ResampleOptions = {},
): Float64Array {
  const means = new Float64Array(resamples);
  // Where all values agree, as those of a perfect or idle editor do, so do all resamples.
  if (Array.from(sums).every((sum, i) => sum === mean * counts[i])) return means.fill(mean);
  const stream = random(seed);
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

export function total(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}
