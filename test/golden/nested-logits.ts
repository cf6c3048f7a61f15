import { logDistribution, logitRow } from "../../kernels/models/logit-rows.ts";
import { topIds } from "../../kernels/models/top-ids.ts";
import { float32, type Tensor } from "../../kernels/tensor.ts";

/** Logits as golden files write them: [sequences][rows][vocabulary]. */
export type Nested = number[][][];

/** One sequence of them as the engine's tensor, [1, rows, vocabulary]. */
export const tensorOf = (rows: number[][]): Tensor<Float32Array> =>
  float32(rows.flat(), [1, rows.length, rows[0].length]);

const rowsOf = (rows: number[][]) => rows.map((_, i) => logitRow(tensorOf(rows), i));

/** Best ids at every row. [rows][k] */
export const top = (rows: number[][], k: number): number[][] => rowsOf(rows).map((row) => topIds(row, k));

/** Best id at every row. [rows] */
export const best = (rows: number[][]): number[] => top(rows, 1).flat();

/** Log-probabilities at every row. [rows][vocabulary] */
export const distributions = (rows: number[][]): Float64Array[] => rowsOf(rows).map(logDistribution);
