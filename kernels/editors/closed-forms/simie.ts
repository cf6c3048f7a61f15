import { Matrix } from "ml-matrix";
import { addKeys, emptyGram, solveNewKeys, type GramSolver, type KeyGram } from "./key-gram.ts";
import { matrixOf, requireShape, type RealTensor } from "./tensor-matrix.ts";
import { addUpdates, applyUpdate, lowRankUpdate, smallestForm, type WeightUpdate } from "./weight-update.ts";

export interface SimieOptions {
  /** Weight of the identity in M. Default 10,000, as in EasyEdit's configurations; at least 0. */
  lambda?: number;
  /** "lu", "cholesky" and "svd" as released, among a key's values; "keys" among the tokens while they are fewer. Default "keys". */
  solver?: GramSolver;
  /**
   * What the wrapped editor started from at this step: true, the base weight; false, the weight that the last step left. Default true, as in
   * EasyEdit.
   */
  restart?: boolean;
}

/** Where a sequence stands for one weight: all keys so far, and what all steps together wrote. A value; steps return a new one. */
export interface SimieState {
  gram: KeyGram;
  /** W_t - W_0; absent before the first step. */
  written?: WeightUpdate;
}

/** A sequence before its first step, for a weight of `inputs` rows. */
export const startSimie = (inputs: number): SimieState => ({ gram: emptyGram(inputs) });

/**
 * One step of SimIE around any weight writer: W_t = W_(t-1) + (W_edit - W_(t-1)) K K^T M^-1, with M = lambda I + the sum of K K^T so far.
 *
 * `keys` are those of all tokens of prompt and target at this step, [T, in]; `written` is what the wrapped editor wrote. Returns the
 * increment W_t - W_(t-1), of rank T or dense, whichever is smaller, and the next state.
 * Throws: ClosedFormError for shapes that do not fit.
 * Source: SimIE (EasyEdit's simie, reproduced; its Cholesky and SVD paths give the same numbers as LU up to rounding).
 */
export function simieStep(
  state: SimieState,
  step: { keys: RealTensor; written: WeightUpdate },
  { lambda = 1e4, solver = "keys", restart = true }: SimieOptions = {},
): { state: SimieState; update: WeightUpdate } {
  const keys = matrixOf(step.keys, "keys");
  requireShape(keys, [undefined, state.gram.size], "keys");
  // K^T (W_edit - W_(t-1)), from what was written, so that no weight is needed.
  let change = applyUpdate(keys, step.written);
  if (restart && state.written) change = Matrix.sub(change, applyUpdate(keys, state.written));
  const update = smallestForm(lowRankUpdate(solveNewKeys(state.gram, keys, lambda, solver), change));
  const written = state.written ? addUpdates(state.written, update) : update;
  return { state: { gram: addKeys(state.gram, keys), written }, update };
}
