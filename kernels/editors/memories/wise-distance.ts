import type { Activation } from "./activation.ts";

/** The outputs of one layer for one prompt, [positions * width] each, before and after an edit. */
export interface OutputPair {
  original: Float32Array;
  changed: Float32Array;
  width: number;
}

/** Beyond this many positions the router takes the largest distance instead of the mean. */
const LONG = 100;

/** Euclidean distance of the activated outputs at every position: |act(changed) - act(original)|, [positions]. */
export function positionDistances({ original, changed, width }: OutputPair, { value }: Activation): Float64Array {
  return new Float64Array(changed.length / width).map((_, position) => {
    let sum = 0;
    for (let i = position * width; i < (position + 1) * width; i++)
      sum += (value(changed[i]) - value(original[i])) ** 2;
    return Math.sqrt(sum);
  });
}

/**
 * The distance that WISE's router compares: the mean over positions, and the largest beyond 100 positions, where a mean would drown the
 * edited subject. It depends on how long the prompt is, by design of the method.
 * Source: WISE (Wang et al., NeurIPS 2024), section 2.3.1, and `euc` of EasyEdit's WISE.
 */
export function routeDistance(distances: Float64Array): number {
  if (distances.length > LONG) return Math.max(...distances);
  return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
}
