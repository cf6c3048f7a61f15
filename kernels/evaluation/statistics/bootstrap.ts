import { random } from "../../random.ts";
import { EmptySetError } from "../empty-set-error.ts";

/** Number of resamples: the interval's ends then move by less than 0.01 between seeds on 0/1 outcomes. */
export const RESAMPLES = 10_000;

/**
 * 95% percentile bootstrap interval of the mean.
 *
 * Values come in clusters (the probes of one case), because values of one case are not independent: whole clusters are resampled, and
 * the mean weighs every value alike. One cluster gives [mean, mean]: nothing can be said about its spread.
 * Shapes: clusters [cases][values]. Units: those of the values.
 * Throws: EmptySetError where there is no value, so never NaN.
 * Source: Efron and Tibshirani 1993, chapter 13 (percentile interval); quantiles interpolate linearly.
 * Example: bootstrapMean([[1], [1], [1]]) gives [1, 1]
 */
export function bootstrapMean(
  clusters: readonly (readonly number[])[],
  { seed = 0, resamples = RESAMPLES }: { seed?: number; resamples?: number } = {},
): [number, number] {
  const filled = clusters.filter((cluster) => cluster.length > 0);
  if (filled.length === 0)
    throw new EmptySetError(
      "bootstrap: there is no value to resample. Evaluate at least one case that has such a probe.",
    );
  const sums = filled.map((cluster) => cluster.reduce((sum, value) => sum + value, 0));
  const stream = random(seed);
  const means = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < filled.length; i++) {
      const drawn = stream.below(filled.length);
      sum += sums[drawn];
      count += filled[drawn].length;
    }
    means[r] = sum / count;
  }
  means.sort();
  return [quantile(means, 0.025), quantile(means, 0.975)];
}

/** The q-quantile of sorted values, interpolated between the two nearest. */
function quantile(sorted: Float64Array, q: number): number {
  const at = (sorted.length - 1) * q;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}
