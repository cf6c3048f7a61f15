import { Matrix } from "ml-matrix";
import { ClosedFormError } from "./closed-form-error.ts";
import type { MomentFactor } from "./moment-factor.ts";
import { matrixOf, requireShape, type RealTensor } from "./tensor-matrix.ts";
import type { LowRankUpdate } from "./weight-update.ts";
import { writeUpdate, type WriteVariant } from "./write-update.ts";

export interface RomeInputs extends WriteVariant {
  /** Keys whose mean gives the direction of the update: the subject's key in every context, [n, in]. */
  directionKeys: RealTensor;
  /** Keys whose mean is to give the target: the plain prompt's, [k, in]. */
  keys: RealTensor;
  /** Outputs of the unedited weight at those keys, [k, out]. */
  outputs: RealTensor;
  /** v*, the wanted output, [out]. */
  target: RealTensor;
  /** Inverse second moment of keys. Absent: the identity, which every shipped configuration uses. */
  factor?: MomentFactor;
}

/**
 * ROME: one association written as a rank-one change, delta = u right^T with u = C^-1 k' / |C^-1 k'| and right = (v* - v) / (k . u).
 *
 * k' is the mean of the direction keys, k and v the means of keys and outputs. As published, k' averages over contexts while k is the
 * plain prompt's key: (W + dW) k = v* holds all the same, but the mix is what makes sequences of edits collapse (see `rRomeUpdate`).
 * Factor a [in, 1] is u, of unit length, and factor b [1, out] is right. Throws: ClosedFormError for shapes that do not fit, and where k is
 * orthogonal to u.
 * Source: ROME (arXiv 2202.05262) equation 2; EasyEdit's rome (reproduced).
 */
export function romeUpdate(inputs: RomeInputs): LowRankUpdate {
  const key = meanRow(matrixOf(inputs.keys, "keys"));
  const direction = meanRow(matrixOf(inputs.directionKeys, "direction keys"));
  requireShape(direction, [1, key.columns], "direction keys");
  const target = matrixOf(inputs.target, "target");
  const output = meanRow(matrixOf(inputs.outputs, "outputs"));
  requireShape(output, [1, target.columns], "outputs");
  const column = inputs.factor ? inputs.factor.solve(direction.transpose()) : direction.transpose();
  const left = column.div(column.norm());
  const along = key.mmul(left).get(0, 0);
  const right = Matrix.sub(target, output).div(along);
  if (!right.to1DArray().every(Number.isFinite))
    throw new ClosedFormError(
      `rome: the key's part along the update's direction is ${along}, so no rank-one change reaches the target. Use one key in both places (R-ROME).`,
    );
  return writeUpdate(left, right, inputs);
}

/**
 * R-ROME: ROME with one key in every place, either the mean over prefixed prompts or the plain prompt's alone.
 *
 * Shapes and errors: as `romeUpdate`; keys [k, in] and outputs [k, out] are rows of the same prompts.
 * Source: Gupta et al., "Rebuilding ROME" (arXiv 2403.07175); EasyEdit's r_rome (reproduced).
 */
export function rRomeUpdate(inputs: Omit<RomeInputs, "directionKeys">): LowRankUpdate {
  return romeUpdate({ ...inputs, directionKeys: inputs.keys });
}

/** Mean over the rows, [1, columns]. */
function meanRow(rows: Matrix): Matrix {
  return Matrix.rowVector(rows.mean("column"));
}
