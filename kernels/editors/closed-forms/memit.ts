import { batchFacts } from "./batch-facts.ts";
import type { MomentFactor } from "./moment-factor.ts";
import { solvePositive } from "./solve-positive.ts";
import { scaledIdentity, type RealTensor } from "./tensor-matrix.ts";
import type { LowRankUpdate } from "./weight-update.ts";
import { writeUpdate, type WriteVariant } from "./write-update.ts";

export interface MemitInputs extends WriteVariant {
  /** Keys of the facts at this layer, [N, in]. */
  keys: RealTensor;
  /** What the layer should add at each key, [N, out]; see `spreadResiduals`. */
  residuals: RealTensor;
  /** Factored second moment of keys. */
  factor: MomentFactor;
  /** Weight of the second moment against the new facts, counted in keys. Published 15,000 (20,000 for GPT2-XL). At least 0. */
  lambda: number;
}

/**
 * MEMIT: many associations written to one layer, delta = (lambda C + K K^T)^-1 K R^T with K [in, N] and R [out, N]; rank N.
 *
 * Computed as C^-1 K (lambda I + K^T C^-1 K)^-1 R^T (push-through identity), so that only an N x N system is new for each edit. That form
 * also holds at lambda = 0, where it is the least change in the norm of C that gives every key its residual.
 * Throws: ClosedFormError for shapes that do not fit, and for dependent keys at lambda = 0.
 * Source: MEMIT (arXiv 2210.07229) equation 14; EasyEdit's memit (reproduced).
 */
export function memitUpdate(inputs: MemitInputs): LowRankUpdate {
  const { keys, residuals } = batchFacts(inputs);
  const spread = inputs.factor.solve(keys.transpose());
  const system = keys.mmul(spread).add(scaledIdentity(keys.rows, inputs.lambda));
  return writeUpdate(spread, solvePositive(system, residuals, "memit"), inputs);
}
