import type { Matrix } from "ml-matrix";
import { cholesky } from "./cholesky.ts";
import { ClosedFormError } from "./closed-form-error.ts";

/**
 * Solves A X = B for a symmetric positive definite A [N, N].
 *
 * Throws: ClosedFormError naming the editor, where A is singular: keys that repeat or depend on each other, without a ridge.
 */
export function solvePositive(a: Matrix, b: Matrix, editor: string): Matrix {
  const factored = cholesky(a);
  if (factored) return factored.solve(b);
  throw new ClosedFormError(
    `${editor}: ${a.rows} keys depend on each other, so their ${a.rows} x ${a.rows} system is singular. Raise the ridge, or leave out repeated keys.`,
  );
}
