import { lerp, slerp } from "./interpolate.ts";
import { keepLargest, keepRandom } from "./sparsify.ts";

/** How the change of each tensor is thinned, whether entries against the elected sign are left out, whether the sum is divided by weights. */
interface TaskArithmetic {
  thin: "largest" | "random" | "random-rescaled" | "none";
  elect: boolean;
  normalise: boolean;
}

const METHODS = {
  ties: { thin: "largest", elect: true, normalise: true },
  "magnitude-norm": { thin: "largest", elect: false, normalise: true },
  magnitude: { thin: "largest", elect: false, normalise: false },
  sign: { thin: "none", elect: true, normalise: true },
  "dare-ties": { thin: "random-rescaled", elect: true, normalise: false },
  "dare-linear": { thin: "random", elect: false, normalise: false },
} satisfies Record<string, TaskArithmetic>;

export type WiseMergeMethod = keyof typeof METHODS | "linear" | "slerp";

export interface WiseMergeOptions {
  /** Default "ties". `linear` and `slerp` go from the base towards the first tensor by the first weight, and use nothing else. */
  method?: WiseMergeMethod;
  /** One for each tensor. Default 1 / tensors each. */
  weights?: readonly number[];
  /** Share of each change that is kept. Default 0.53, in (0, 1]. */
  density?: number;
  /** Seed of the two DARE methods. Default 0. */
  seed?: number;
}

/**
 * Merges edited copies of one weight into one.
 *
 * Each copy's change from the base is thinned and weighted. With sign election (TIES) the sign of an entry is that of the weighted sum,
 * plus for zero; entries of the other sign, and zeros, are left out of sum and divisor. A divisor of zero counts as one.
 *
 * Shapes: base and tensors of one length, in any one layout. Throws: DensityError where the density keeps nothing.
 * Source: WISE (Wang et al., NeurIPS 2024), section 2.3.2, and the merges of EasyEdit's WISE; TIES-Merging (Yadav et al., 2023); DARE (Yu et al., 2024).
 * Example: wiseMerge(base, [side1, side2], { method: "ties", density: 0.53 })
 */
export function wiseMerge(
  base: Float32Array,
  tensors: readonly Float32Array[],
  options: WiseMergeOptions = {},
): Float32Array {
  const { method = "ties", density = 0.53, seed = 0 } = options;
  const weights = options.weights ?? tensors.map(() => 1 / tensors.length);
  if (weights.length !== tensors.length || tensors.some((tensor) => tensor.length !== base.length))
    throw new Error("internal: a merge takes one weight and one shape for every tensor");
  if (tensors.length === 0) return base;
  if (method === "linear") return lerp(base, tensors[0], weights[0]);
  if (method === "slerp") return slerp(base, tensors[0], weights[0]);
  const { thin, elect, normalise }: TaskArithmetic = METHODS[method];
  const changes = tensors.map((tensor, k) => {
    const change = new Float64Array(base.length);
    for (let i = 0; i < change.length; i++) change[i] = tensor[i] - base[i];
    if (thin === "none") return change;
    if (thin === "largest") return keepLargest(change, density);
    return keepRandom(change, density, thin === "random-rescaled", seed + k);
  });
  return base.map((start, i) => {
    let balance = 0;
    for (let k = 0; k < weights.length; k++) balance += changes[k][i] * weights[k];
    const sign = balance >= 0 ? 1 : -1;
    let [mixed, divisor] = [0, 0];
    for (let k = 0; k < weights.length; k++) {
      const part = changes[k][i] * weights[k];
      if (elect && Math.sign(part) !== sign) continue;
      mixed += part;
      divisor += weights[k];
    }
    return start + mixed / ((normalise && divisor) || 1);
  });
}
