import { Matrix } from "ml-matrix";
import { ClosedFormError } from "./closed-form-error.ts";
import { matrixOf, requireShape, tensorOf, type RealTensor } from "./tensor-matrix.ts";
import type { Tensor } from "../../tensor.ts";

export interface SpreadInputs {
  /** z, the wanted vector of each fact at the last edited layer, [facts, out]. */
  targets: RealTensor;
  /** The same vectors as the model gives them now, with the layers below already written, [facts, out]. */
  current: RealTensor;
  /** Layers that are still to be written, this one included: 1 at the last. */
  layersLeft: number;
  /** "linear" divides by the layers left (MEMIT, AlphaEdit, EMMET), "sqrt" by their root (PMET). Default "linear". */
  spread?: "linear" | "sqrt";
  /** Keys of this layer; where a fact has several keys, they follow each other and share its residual. Default: one a fact. */
  keyCount?: number;
}

/**
 * What one layer should add to the outputs of its keys, so that the layers left together reach the targets: [keys, out].
 *
 * Throws: ClosedFormError where shapes differ, or where facts do not divide the keys evenly.
 * Source: MEMIT (arXiv 2210.07229); PMET (arXiv 2308.08742) for the root; both as EasyEdit has them (reproduced).
 */
export function spreadResiduals(inputs: SpreadInputs): Tensor<Float32Array> {
  const targets = matrixOf(inputs.targets, "target values");
  const current = matrixOf(inputs.current, "current values");
  requireShape(current, [targets.rows, targets.columns], "current values");
  const repeats = (inputs.keyCount ?? targets.rows) / targets.rows;
  if (!Number.isInteger(repeats) || repeats < 1)
    throw new ClosedFormError(
      `residuals: ${inputs.keyCount} keys for ${targets.rows} facts. Give each fact equally many keys, one after another.`,
    );
  const divisor = inputs.spread === "sqrt" ? Math.sqrt(inputs.layersLeft) : inputs.layersLeft;
  const residuals = Matrix.sub(targets, current).div(divisor);
  const rows = new Matrix(targets.rows * repeats, targets.columns);
  for (let i = 0; i < rows.rows; i++) rows.setRow(i, residuals.getRow(Math.floor(i / repeats)));
  return tensorOf(rows);
}
