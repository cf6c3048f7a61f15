import { Matrix } from "ml-matrix";
import { float32, type Tensor } from "../../tensor.ts";
import { ClosedFormError } from "./closed-form-error.ts";

/** A tensor of real numbers; closed forms compute in double precision whatever the input's. */
export type RealTensor = Tensor<Float32Array> | Tensor<Float64Array>;

/**
 * A tensor [rows, columns] as a double-precision matrix, copied. A vector [n] becomes one row.
 *
 * Throws: ClosedFormError, naming `what`, where the tensor has more than two axes or its shape and its data differ in size.
 */
export function matrixOf(tensor: RealTensor, what: string): Matrix {
  const [rows, columns] = tensor.dims.length === 1 ? [1, tensor.dims[0]] : tensor.dims;
  if (tensor.dims.length < 1 || tensor.dims.length > 2 || rows * columns !== tensor.data.length)
    throw new ClosedFormError(
      `${what}: [${tensor.dims}] with ${tensor.data.length} values is not a matrix. Pass rows and columns, one row a token or a fact.`,
    );
  const matrix = new Matrix(rows, columns);
  for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) matrix.set(i, j, tensor.data[i * columns + j]);
  return matrix;
}

/** A matrix as a float32 tensor [rows, columns]. */
export function tensorOf(matrix: Matrix): Tensor<Float32Array> {
  const data = new Float32Array(matrix.rows * matrix.columns);
  for (let i = 0; i < matrix.rows; i++)
    for (let j = 0; j < matrix.columns; j++) data[i * matrix.columns + j] = matrix.get(i, j);
  return float32(data, [matrix.rows, matrix.columns]);
}

/** Throws ClosedFormError unless a matrix has the wanted number of rows and columns; `undefined` allows any. */
export function requireShape(matrix: Matrix, [rows, columns]: (number | undefined)[], what: string): void {
  if ((rows ?? matrix.rows) === matrix.rows && (columns ?? matrix.columns) === matrix.columns) return;
  throw new ClosedFormError(
    `${what}: [${matrix.rows}, ${matrix.columns}] where [${rows ?? "any"}, ${columns ?? "any"}] is needed. Read it at the site that is edited.`,
  );
}

/** Identity matrix of `size` rows times `value`. */
export const scaledIdentity = (size: number, value: number): Matrix => Matrix.eye(size, size, value);
