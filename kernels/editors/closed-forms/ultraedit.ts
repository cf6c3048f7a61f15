import type { Matrix } from "ml-matrix";
import { ClosedFormError } from "./closed-form-error.ts";
import { emptyGram, solveNewKeys } from "./key-gram.ts";
import { solvePositive } from "./solve-positive.ts";
import { addRows, standardise, type RunningStatistics } from "./running-statistics.ts";
import { matrixOf, requireShape, scaledIdentity, tensorOf, type RealTensor } from "./tensor-matrix.ts";
import { beside, lowRankUpdate, smallestForm, type WeightUpdate } from "./weight-update.ts";

/** Keys h [T, in] and gradients of the loss with respect to the outputs g [T, out], at the same tokens of one linear layer. */
export interface TokenGradients {
  keys: RealTensor;
  gradients: RealTensor;
}

/** Single precision's unit, which the released code adds to the deviation. */
const EPSILON = 2 ** -23;

/**
 * Takes one minibatch of one layer into the running statistics of [h; g], [in + out] columns.
 *
 * Layers of equal shape share statistics. Update them minibatch by minibatch and layer by layer before any layer is solved, and keep them
 * for later edits. "corrected" statistics are those of all tokens together; see `addRows`. Tokens of padding are the caller's to leave out.
 */
export function ultraEditStatistics(
  statistics: RunningStatistics,
  batch: TokenGradients,
  variant: "official" | "corrected" = "corrected",
): RunningStatistics {
  const { keys, gradients } = tokensOf(batch);
  return addRows(statistics, beside(keys, gradients), variant);
}

/**
 * UltraEdit: delta = (H^T H + I)^-1 H^T V with V = -lr |h^|^2 g^ row by row; h^ and g^ are standardised, H is not.
 *
 * Shapes: all minibatches of the edit in one, T tokens. With at most as many tokens as a key has values it is H^T (H H^T + I)^-1 V, a system
 * of T unknowns and an update of rank T; the result comes in whichever form holds fewer numbers. `lr` is published as 1e-6.
 * Throws: ClosedFormError for shapes that do not fit, or statistics without two rows.
 * Source: UltraEdit (arXiv 2505.14679); EasyEdit's ultraedit (reproduced).
 */
export function ultraEditUpdate(tokens: TokenGradients, statistics: RunningStatistics, lr: number): WeightUpdate {
  const { keys, gradients } = tokensOf(tokens);
  if (statistics.n < 2)
    throw new ClosedFormError(
      `ultraedit: statistics of ${statistics.n} tokens have no deviation. Add every minibatch of the edit to them first.`,
    );
  const rows = standardise(beside(keys, gradients), statistics, EPSILON);
  const values = rows.subMatrix(0, rows.rows - 1, keys.columns, rows.columns - 1);
  for (let i = 0; i < rows.rows; i++) {
    let square = 0;
    for (let j = 0; j < keys.columns; j++) square += rows.get(i, j) ** 2;
    values.mulRow(i, -lr * square);
  }
  if (keys.rows > keys.columns) {
    const spread = solveNewKeys(emptyGram(keys.columns), keys, 1, "cholesky");
    return { kind: "dense", delta: tensorOf(spread.mmul(values)) };
  }
  const system = keys.mmulByTranspose().add(scaledIdentity(keys.rows, 1));
  return smallestForm(lowRankUpdate(keys.transpose(), solvePositive(system, values, "ultraedit")));
}

function tokensOf(batch: TokenGradients): { keys: Matrix; gradients: Matrix } {
  const keys = matrixOf(batch.keys, "keys");
  const gradients = matrixOf(batch.gradients, "gradients");
  requireShape(gradients, [keys.rows, undefined], "gradients");
  return { keys, gradients };
}
