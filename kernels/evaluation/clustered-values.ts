import { type ClusterSums, summedClusters } from "./statistics/resampled-means.ts";
import type { Weighting } from "./row-accumulator.ts";

/** Values of one metric in one profile, before and after the edit, of which only weighted sums and weights of each cluster are kept. */
export class ClusteredValues {
  /** Number of values. */
  length = 0;
  #before: Float64Array = new Float64Array(64);
  #after: Float64Array = new Float64Array(64);
  #counts: Float64Array = new Float64Array(64);

  /** Adds to a cluster, a small whole number. `weights`: what each value counts in a mean, default 1. Shapes: all [values]. */
  add(before: readonly number[], after: readonly number[], cluster: number, weights: readonly number[] = []): void {
    if (cluster >= this.#counts.length) {
      this.#before = grown(this.#before, cluster);
      this.#after = grown(this.#after, cluster);
      this.#counts = grown(this.#counts, cluster);
    }
    after.forEach((value, i) => {
      const weight = weights[i] ?? 1;
      this.#before[cluster] += weight * before[i];
      this.#after[cluster] += weight * value;
      this.#counts[cluster] += weight;
    });
    this.length += after.length;
  }

  /** Means after and before the edit, and the clusters after it. "groups": each cluster counts as one value, its mean. */
  summary(weighting: Weighting): { value: number; base: number; clusters: ClusterSums } {
    const after = this.#summed(this.#after, weighting);
    return { value: after.mean, base: this.#summed(this.#before, weighting).mean, clusters: after };
  }

  #summed(sums: Float64Array, weighting: Weighting): ClusterSums {
    if (weighting === "records") return summedClusters(sums, this.#counts);
    return summedClusters(
      sums.map((sum, i) => sum / this.#counts[i]),
      this.#counts.map((count) => Math.min(1, count)),
    );
  }
}

function grown(values: Float64Array, index: number): Float64Array {
  const longer = new Float64Array(2 * index + 1);
  longer.set(values);
  return longer;
}
