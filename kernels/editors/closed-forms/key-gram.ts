import { LuDecomposition, Matrix, SingularValueDecomposition } from "ml-matrix";
import { solvePositive } from "./solve-positive.ts";
import { matrixOf, requireShape, scaledIdentity, type RealTensor } from "./tensor-matrix.ts";
import { below } from "./weight-update.ts";

/**
 * The sum of k k^T over the keys of a sequence of edits. An immutable value: kept as the keys themselves while they are at most as many as a
 * key has values, then as the matrix [size, size].
 */
export type KeyGram = { size: number; keys: Matrix } | { size: number; sum: Matrix };

/** The sum over no keys. */
export const emptyGram = (size: number): KeyGram => ({ size, keys: new Matrix(0, size) });

/** The sum with more keys [n, size] in it. Throws: ClosedFormError for keys of another size. */
export function addKeys(gram: KeyGram, keys: RealTensor | Matrix): KeyGram {
  const rows = keys instanceof Matrix ? keys : matrixOf(keys, "keys");
  requireShape(rows, [undefined, gram.size], "keys");
  if ("keys" in gram && gram.keys.rows + rows.rows <= gram.size)
    return { size: gram.size, keys: below(gram.keys, rows) };
  return { size: gram.size, sum: Matrix.add(gramMatrix(gram), rows.gram()) };
}

/** The sum as a matrix [size, size]. */
export const gramMatrix = (gram: KeyGram): Matrix => ("sum" in gram ? gram.sum : gram.keys.gram());

/** How the system is solved: among the keys ("keys", while they are few), or among a key's values. All agree up to rounding. */
export type GramSolver = "keys" | "lu" | "cholesky" | "svd";

/**
 * (lambda I + sum + K^T K)^-1 K^T for new keys K [n, size] that are not in the sum yet: [size, n].
 *
 * With "keys" and few keys G = [earlier; new] it is G^T (lambda I + G G^T)^-1 of the new columns (push-through identity), a system of as
 * many unknowns as keys, which holds at lambda = 0 too; once the sum is a matrix, Cholesky takes over.
 * Throws: ClosedFormError where lambda is 0 and the system is singular.
 */
export function solveNewKeys(gram: KeyGram, keys: Matrix, lambda: number, solver: GramSolver = "keys"): Matrix {
  requireShape(keys, [undefined, gram.size], "keys");
  if (solver === "keys" && "keys" in gram && gram.keys.rows + keys.rows <= gram.size) {
    const all = below(gram.keys, keys);
    const system = all.mmulByTranspose().add(scaledIdentity(all.rows, lambda));
    const ones = new Matrix(all.rows, keys.rows);
    for (let i = 0; i < keys.rows; i++) ones.set(gram.keys.rows + i, i, 1);
    return all.transpose().mmul(solvePositive(system, ones, "keys of the sequence"));
  }
  const system = Matrix.add(gramMatrix(gram), keys.gram()).add(scaledIdentity(gram.size, lambda));
  const columns = keys.transpose();
  switch (solver) {
    case "lu":
      return new LuDecomposition(system).solve(columns);
    case "svd":
      return new SingularValueDecomposition(system).solve(columns);
    case "cholesky":
    case "keys":
      return solvePositive(system, columns, "keys of the sequence");
    default:
      solver satisfies never;
      throw new Error("internal: unhandled solver");
  }
}
