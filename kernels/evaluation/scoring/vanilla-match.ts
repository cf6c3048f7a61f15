import { meanOf } from "./masked-accuracy.ts";

/**
 * Share of a target's ids that a generation of as many ids has at the same place, both aligned at their ends.
 *
 * A generation that stops before is compared with the end of the target, as published, which compares the last ids of prompt and generation
 * together. (What of the prompt then meets the beginning of the target counts as wrong here.)
 * Shapes: written [at most n], target [n]. Units: fraction in [0, 1]. Throws: EmptySetError without a target.
 * Source: EasyEdit, prediction accuracy with vanilla generation (the path of GRACE).
 * Example: written [7, 2] against [5, 7, 3] gives 1/3
 */
export const vanillaMatch = (written: readonly number[], target: readonly number[]): number => {
  const missing = target.length - written.length;
  const equal = target.map((id, i) => Number(id === written[i - missing]));
  return meanOf(equal, "vanilla generation");
};
