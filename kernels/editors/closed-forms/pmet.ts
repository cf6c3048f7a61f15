import { memitUpdate, type MemitInputs } from "./memit.ts";
import type { LowRankUpdate } from "./weight-update.ts";

/**
 * PMET: the write of MEMIT, delta = (lambda C + K K^T)^-1 K R^T; what differs is how the residuals come about.
 *
 * They are divided by the root of the layers left (`spreadResiduals` with spread "sqrt"), and their targets are the MLP's part of deltas
 * that were optimised at attention and MLP together (`optimiseValue` with two vectors). The released code transposes by layout, so there is no
 * official variant of the write. Shapes and errors: as `memitUpdate`.
 * Source: PMET (arXiv 2308.08742); EasyEdit's pmet (reproduced).
 */
export function pmetUpdate({
  keys,
  residuals,
  factor,
  lambda,
}: Omit<MemitInputs, "variant" | "storedAs">): LowRankUpdate {
  return memitUpdate({ keys, residuals, factor, lambda });
}
