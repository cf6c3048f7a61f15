import { random } from "../../random.ts";

/**
 * The entries of a side memory that a group of edits may change: 1 with probability `share`, else 0, for each of `size` weights. The
 * gradient is multiplied by it. A new seed goes with every shard; the published code draws without one.
 *
 * Units: share in [0, 1], default 0.2.
 * Source: WISE (Wang et al., NeurIPS 2024), section 2.3.2, random subspaces.
 */
export function wiseMask(size: number, seed: number, share = 0.2): Uint8Array {
  const { chance } = random(seed);
  return Uint8Array.from({ length: size }, () => Number(chance(share)));
}
