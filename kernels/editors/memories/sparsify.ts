import { UserFacingError } from "../../errors.ts";
import { random } from "../../random.ts";

/** Cause: a density that keeps nothing. Handled by: the caller, who raises it. */
export class DensityError extends UserFacingError {}

/**
 * Keeps the floor(density * size) entries of largest magnitude, zeroes the others. Of equal magnitudes the lower index is kept.
 *
 * Units: density in (0, 1]; 1 and above keep all. Throws: DensityError where no entry would be kept.
 * Source: TIES-Merging (Yadav et al., NeurIPS 2023), the trimming step.
 */
export function keepLargest(delta: Float64Array, density: number): Float64Array {
  if (density >= 1) return delta;
  const keep = Math.floor(density * delta.length);
  if (!(keep > 0))
    throw new DensityError(
      `Density ${density} keeps none of ${delta.length} weights. Give a density of at least ${1 / delta.length}.`,
    );
  const sizes = delta.map(Math.abs);
  const limit = sizes.toSorted()[delta.length - keep];
  let ties = keep - sizes.reduce((above, size) => above + Number(size > limit), 0);
  return delta.map((value, i) => (sizes[i] > limit || (sizes[i] === limit && ties-- > 0) ? value : 0));
}

/**
 * Keeps every entry with probability `density`, and divides what is kept by it where `rescale` is set.
 *
 * Source: DARE (Yu et al., ICML 2024). The published merges draw without a seed.
 */
export function keepRandom(delta: Float64Array, density: number, rescale: boolean, seed: number): Float64Array {
  if (density >= 1) return delta;
  const { chance } = random(seed);
  const scale = rescale ? 1 / density : 1;
  return delta.map((value) => (chance(density) ? value * scale : 0));
}
