import { Matrix } from "ml-matrix";
import type { Tensor } from "../../tensor.ts";
import { matrixOf, requireShape, tensorOf, type RealTensor } from "./tensor-matrix.ts";

/** y += (x A) B with A [in, rank], B [rank, out]. With a site added, it is an intervention. */
export interface LowRankUpdate {
  kind: "low-rank";
  a: Tensor<Float32Array>;
  b: Tensor<Float32Array>;
}

/** y += x delta with delta [in, out]. With a site added, it is an intervention. */
export interface DenseUpdate {
  kind: "dense";
  delta: Tensor<Float32Array>;
}

/** A change of one weight, y = x W with W [in, out]. */
export type WeightUpdate = LowRankUpdate | DenseUpdate;

/** Factors a [in, rank] and b [rank, out] as an update in single precision. */
export function lowRankUpdate(a: Matrix, b: Matrix): LowRankUpdate {
  requireShape(b, [a.columns, undefined], "low-rank update, second factor");
  return { kind: "low-rank", a: tensorOf(a), b: tensorOf(b) };
}

/** The whole change [in, out] of a weight, in double precision. */
export function denseMatrix(update: WeightUpdate): Matrix {
  if (update.kind === "dense") return matrixOf(update.delta, "dense update");
  return matrixOf(update.a, "low-rank update, first factor").mmul(matrixOf(update.b, "low-rank update, second factor"));
}

/** x delta for rows x [n, in]: what the update adds to the outputs [n, out], without forming a low-rank update's product. */
export function applyUpdate(rows: RealTensor | Matrix, update: WeightUpdate): Matrix {
  const x = rows instanceof Matrix ? rows : matrixOf(rows, "rows");
  if (update.kind === "dense") return x.mmul(matrixOf(update.delta, "dense update"));
  return x.mmul(matrixOf(update.a, "first factor")).mmul(matrixOf(update.b, "second factor"));
}

/** The same update in whichever form holds fewer numbers. */
export function smallestForm(update: WeightUpdate): WeightUpdate {
  if (update.kind === "dense") return update;
  const [inputs, rank] = update.a.dims;
  const outputs = update.b.dims[1];
  return rank * (inputs + outputs) < inputs * outputs
    ? update
    : { kind: "dense", delta: tensorOf(denseMatrix(update)) };
}

/** Sum of two updates of one weight: factors are put side by side while that is smaller than the dense sum. */
export function addUpdates(first: WeightUpdate, second: WeightUpdate): WeightUpdate {
  if (first.kind === "low-rank" && second.kind === "low-rank") {
    const a = beside(matrixOf(first.a, "first factor"), matrixOf(second.a, "first factor"));
    const b = below(matrixOf(first.b, "second factor"), matrixOf(second.b, "second factor"));
    return smallestForm(lowRankUpdate(a, b));
  }
  return { kind: "dense", delta: tensorOf(denseMatrix(first).add(denseMatrix(second))) };
}

/** Two matrices with equally many rows, side by side. */
export function beside(left: Matrix, right: Matrix): Matrix {
  const joined = new Matrix(left.rows, left.columns + right.columns);
  return joined.setSubMatrix(left, 0, 0).setSubMatrix(right, 0, left.columns);
}

/** Two matrices with equally many columns, one below the other. */
export function below(upper: Matrix, lower: Matrix): Matrix {
  if (upper.rows === 0) return lower;
  const joined = new Matrix(upper.rows + lower.rows, upper.columns);
  return joined.setSubMatrix(upper, 0, 0).setSubMatrix(lower, upper.rows, 0);
}
