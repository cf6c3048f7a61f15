import type { Matrix } from "ml-matrix";
import type { MomentFactor } from "./moment-factor.ts";
import { matrixOf, requireShape, type RealTensor } from "./tensor-matrix.ts";

/** Keys [N, in] and residuals [N, out] of a batch write in double precision. Throws: ClosedFormError for shapes that do not fit. */
export function batchFacts(inputs: { keys: RealTensor; residuals: RealTensor; factor?: MomentFactor }): {
  keys: Matrix;
  residuals: Matrix;
} {
  const keys = matrixOf(inputs.keys, "keys");
  const residuals = matrixOf(inputs.residuals, "residuals");
  requireShape(residuals, [keys.rows, undefined], "residuals");
  requireShape(keys, [undefined, inputs.factor?.size], "keys");
  return { keys, residuals };
}
