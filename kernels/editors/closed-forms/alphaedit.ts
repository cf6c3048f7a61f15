import { gramMatrix, solveNewKeys, type KeyGram } from "./key-gram.ts";
import { batchFacts } from "./batch-facts.ts";
import type { NullSpace } from "./null-space.ts";
import { requireShape, type RealTensor } from "./tensor-matrix.ts";
import type { LowRankUpdate } from "./weight-update.ts";
import { writeUpdate, type WriteVariant } from "./write-update.ts";

export interface AlphaEditInputs extends WriteVariant {
  /** Keys of the facts at this layer, [N, in]. */
  keys: RealTensor;
  /** What the layer should add at each key, [N, out]; see `spreadResiduals`. */
  residuals: RealTensor;
  /** Projection onto directions that preserved knowledge does not use. */
  nullSpace: NullSpace;
  /** Keys of earlier batches, read again from the edited model after each (`addKeys`). `emptyGram(in)` before the first. */
  cache: KeyGram;
  /** Weight of the update's size. Published 1 (Llama-3, Qwen2.5) or 10 (GPT2-XL, GPT-J, Llama-3.1). Above 0. */
  ridge: number;
}

/**
 * AlphaEdit: MEMIT inside the null space of preserved keys, delta = (P (K K^T + M) + ridge I)^-1 P K R^T; rank N.
 *
 * As P is an idempotent symmetric matrix this equals (ridge I + G G^T)^-1 P K R^T with G the projected keys of cache and batch, and then G
 * (ridge I + G^T G)^-1 of the batch's columns: a system of as many unknowns as keys seen so far. Whatever P removes, delta maps to 0.
 * Throws: ClosedFormError for shapes that do not fit.
 * Source: AlphaEdit (arXiv 2410.02355); EasyEdit's AlphaEdit (reproduced).
 */
export function alphaEditUpdate(inputs: AlphaEditInputs): LowRankUpdate {
  const { keys, residuals } = batchFacts(inputs);
  requireShape(keys, [undefined, inputs.nullSpace.size], "keys");
  const spread = solveNewKeys(projected(inputs.cache, inputs.nullSpace), inputs.nullSpace.project(keys), inputs.ridge);
  // A part outside the null space can only be rounding, and would be multiplied by preserved keys that are large there.
  const inside = inputs.nullSpace.project(spread.transpose()).transpose();
  return writeUpdate(inside, residuals, inputs);
}

/** P M P. */
function projected(cache: KeyGram, { size, project }: NullSpace): KeyGram {
  if ("keys" in cache) return { size, keys: project(cache.keys) };
  return { size, sum: project(project(gramMatrix(cache)).transpose()) };
}
