import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { ClosedFormError } from "./closed-form-error.ts";

/**
 * Cholesky decomposition of a symmetric matrix, or nothing where it is not positive definite up to rounding.
 *
 * A pivot that is only rounding can come out positive, and a solve with it is noise; so each is compared with its diagonal entry.
 */
export function choleskyOf(matrix: Matrix): CholeskyDecomposition | undefined {
  // The decomposition asks for symmetry to the last bit.
  const symmetric = Matrix.add(matrix, matrix.transpose()).div(2);
  const cholesky = new CholeskyDecomposition(symmetric);
  if (!cholesky.isPositiveDefinite()) return undefined;
  const least = 16 * matrix.rows * Number.EPSILON;
  for (let i = 0; i < matrix.rows; i++)
    if (!(cholesky.lowerTriangularMatrix.get(i, i) ** 2 > least * symmetric.get(i, i))) return undefined;
  return cholesky;
}

/**
 * Solves A X = B for a symmetric positive definite A [N, N].
 *
 * Throws: ClosedFormError naming the editor, where A is singular: keys that repeat or depend on each other, without a ridge.
 */
export function solvePositive(a: Matrix, b: Matrix, editor: string): Matrix {
  const cholesky = choleskyOf(a);
  if (cholesky) return cholesky.solve(b);
  throw new ClosedFormError(
    `${editor}: ${a.rows} keys depend on each other, so their ${a.rows} x ${a.rows} system is singular. Raise the ridge, or leave out repeated keys.`,
  );
}
