import { Matrix } from "ml-matrix";
import { requireShape } from "./tensor-matrix.ts";

/** Running mean and deviation of rows, as data. */
export interface RunningStatistics {
  /** Rows so far. */
  n: number;
  /** Mean of each column. */
  mean: Float64Array;
  /** Sum of squared deviations of each column. */
  squares: Float64Array;
}

/** Statistics of no rows with `size` columns. */
export const noStatistics = (size: number): RunningStatistics => ({
  n: 0,
  mean: new Float64Array(size),
  squares: new Float64Array(size),
});

/**
 * Statistics with the rows [b, size] of one more batch in them (Chan's merge of two sets). The argument is left as it is.
 *
 * "corrected" gives the statistics of the union. "official" adds b times the unbiased variance of the batch instead of b - 1 times, which
 * is too much by a factor of b / (b - 1), and not a number for a batch of one row.
 * Source: EasyEdit's RunningMeanStd (malmen), which UltraEdit uses (official: reproduced).
 */
export function addRows(
  before: RunningStatistics,
  rows: Matrix,
  variant: "official" | "corrected" = "corrected",
): RunningStatistics {
  requireShape(rows, [undefined, before.mean.length], "rows of running statistics");
  const b = rows.rows;
  if (b === 0) return before;
  const n = before.n + b;
  const mean = before.mean.slice();
  const squares = before.squares.slice();
  for (let j = 0; j < mean.length; j++) {
    let centre = 0;
    for (let i = 0; i < b; i++) centre += rows.get(i, j) / b;
    let within = 0;
    for (let i = 0; i < b; i++) within += (rows.get(i, j) - centre) ** 2;
    const shift = centre - mean[j];
    mean[j] += (b * shift) / n;
    squares[j] += (variant === "official" ? (b * within) / (b - 1) : within) + (before.n * b * shift ** 2) / n;
  }
  return { n, mean, squares };
}

/** Unbiased standard deviation of each column; not a number before the second row. */
export const deviations = ({ n, squares }: RunningStatistics): Float64Array =>
  squares.map((sum) => Math.sqrt(sum / (n - 1)));

/** Rows less the mean, over the deviation plus `epsilon`. */
export function standardise(rows: Matrix, statistics: RunningStatistics, epsilon: number): Matrix {
  const scale = deviations(statistics).map((deviation) => 1 / (deviation + epsilon));
  const out = new Matrix(rows.rows, rows.columns);
  for (let i = 0; i < rows.rows; i++)
    for (let j = 0; j < rows.columns; j++) out.set(i, j, (rows.get(i, j) - statistics.mean[j]) * scale[j]);
  return out;
}
