import { Matrix } from "ml-matrix";
import { denseMatrix, type WeightUpdate } from "../../kernels/editors/closed-forms/weight-update.ts";
import { float32, type Tensor } from "../../kernels/tensor.ts";

export type Rows = number[][];
export interface Layout {
  weight_layout: "out_in" | "in_out";
}

export const tensor = (rows: Rows): Tensor<Float32Array> => float32(rows.flat(), [rows.length, rows[0].length]);
export const double = (rows: Rows): Tensor<Float64Array> => ({
  type: "float64",
  dims: [rows.length, rows[0].length],
  data: Float64Array.from(rows.flat()),
});
export const storedAs = ({ weight_layout }: Layout) =>
  (weight_layout === "in_out" ? "in-out" : "out-in") as "in-out" | "out-in";

/** A delta [in, out] in the layout of a case's weight. */
export const written = (update: WeightUpdate, { weight_layout }: Layout): Rows => {
  const delta = denseMatrix(update);
  return (weight_layout === "in_out" ? delta : delta.transpose()).to2DArray();
};
/** And back: a change of a case's weight as a delta. */
export const dense = (change: Rows, { weight_layout }: Layout): WeightUpdate => ({
  kind: "dense",
  delta: tensor(weight_layout === "in_out" ? change : new Matrix(change).transpose().to2DArray()),
});
