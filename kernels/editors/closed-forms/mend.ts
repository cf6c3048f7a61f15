import { Matrix } from "ml-matrix";
import { ClosedFormError } from "./closed-form-error.ts";
import { mendForward, type MendNetwork } from "./mend-network.ts";
import { addRows, noStatistics, standardise, type RunningStatistics } from "./running-statistics.ts";
import { matrixOf, requireShape, type RealTensor } from "./tensor-matrix.ts";
import { beside, lowRankUpdate, type LowRankUpdate } from "./weight-update.ts";

/** One network for [x; delta], or one each; an absent one of the two is the identity (one-sided, x-only and delta-only forms). */
export type MendNetworks = { combined: MendNetwork } | { x?: MendNetwork; delta?: MendNetwork };

/** Running statistics of the inputs x [in] and output gradients delta [out] that a transform has met in training. */
export interface MendStatistics {
  x: RunningStatistics;
  delta: RunningStatistics;
}

export interface MendTransform {
  networks: MendNetworks;
  /** Standardise rows by the running statistics before the networks. Default true. */
  normalise?: boolean;
}

export interface MendCall {
  /** Inputs of the edited layer, [.., in]. */
  x: RealTensor;
  /** Gradients of the edit loss with respect to its outputs, [.., out], at the same tokens. */
  delta: RealTensor;
  /** Number of this weight among those that share the networks. */
  mode?: number;
}

/** Statistics before any call. */
export const noMendStatistics = (inputs: number, outputs: number): MendStatistics => ({
  x: noStatistics(inputs),
  delta: noStatistics(outputs),
});

/** Added to the deviation, as released. */
const EPSILON = 1e-7;

/**
 * MEND's statistics with the rows of one call in them: rows whose x or delta is all zero do not count. Called in training only.
 *
 * Throws: ClosedFormError while there are fewer than two rows, as a deviation needs two.
 */
export function mendStatistics(before: MendStatistics, call: MendCall): MendStatistics {
  const { x, delta } = activeRows(call);
  const after = { x: addRows(before.x, x), delta: addRows(before.delta, delta) };
  if (after.x.n < 2)
    throw new ClosedFormError(
      `mend: ${after.x.n} token with a gradient, and a deviation needs two. Train on longer questions or answers.`,
    );
  return after;
}

/**
 * MEND's transform of one layer's gradient factors: x~ [n, in] and delta~ [n, out], for the n rows in which neither is all zero.
 *
 * Source: MEND (arXiv 2110.11309) section 3.2; EasyEdit's GradientTransform (reproduced).
 */
export function mendFactors(
  { networks, normalise = true }: MendTransform,
  statistics: MendStatistics,
  call: MendCall,
): { x: Matrix; delta: Matrix } {
  let { x, delta } = activeRows(call);
  if (normalise) {
    x = standardise(x, statistics.x, EPSILON);
    delta = standardise(delta, statistics.delta, EPSILON);
  }
  if ("combined" in networks) {
    const out = mendForward(networks.combined, beside(x, delta), call.mode);
    const columns = (from: number, to: number) => {
      const part = new Matrix(out.rows, to - from);
      for (let j = from; j < to; j++) part.setColumn(j - from, out.getColumn(j));
      return part;
    };
    return { x: columns(0, x.columns), delta: columns(x.columns, out.columns) };
  }
  return {
    x: networks.x ? mendForward(networks.x, x, call.mode) : x,
    delta: networks.delta ? mendForward(networks.delta, delta, call.mode) : delta,
  };
}

/**
 * The edit of one weight: delta = lr x~^T delta~ summed over rows, of rank n. It is added: the networks learn the sign.
 *
 * `lr` is the learned step size of this weight, published to start at 1e-4.
 */
export function mendUpdate(
  transform: MendTransform,
  statistics: MendStatistics,
  call: MendCall,
  lr: number,
): LowRankUpdate {
  const { x, delta } = mendFactors(transform, statistics, call);
  return lowRankUpdate(x.transpose().mul(lr), delta);
}

/** Rows of x and delta in which neither is all zero; leading axes are flattened. */
function activeRows(call: MendCall): { x: Matrix; delta: Matrix } {
  const [x, delta] = [flat(call.x, "x"), flat(call.delta, "delta")];
  requireShape(delta, [x.rows, undefined], "delta");
  const active = (rows: Matrix, i: number) => rows.getRow(i).some((value) => value !== 0);
  const chosen = Array.from({ length: x.rows }, (_, i) => i).filter((i) => active(x, i) && active(delta, i));
  const pick = (rows: Matrix) => {
    const out = new Matrix(chosen.length, rows.columns);
    chosen.forEach((row, i) => out.setRow(i, rows.getRow(row)));
    return out;
  };
  return { x: pick(x), delta: pick(delta) };
}

function flat(tensor: RealTensor, what: string): Matrix {
  const columns = tensor.dims.at(-1) ?? 0;
  return matrixOf({ ...tensor, dims: [tensor.data.length / columns, columns] } as RealTensor, what);
}
