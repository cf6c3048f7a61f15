import { Matrix } from "ml-matrix";
import { atOnce, type Pieces } from "./pieces.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { matrixOf, requireShape, type RealTensor } from "./tensor-matrix.ts";

/** Projection P onto the directions that hardly any key of a corpus uses, kept as a thin basis instead of a matrix. */
export interface NullSpace {
  /** Values in a key. */
  readonly size: number;
  /** Directions that P keeps. */
  readonly rank: number;
  /** P applied to each row [n, size]; P is symmetric. */
  project(rows: Matrix): Matrix;
}

/**
 * P = U0 U0^T from the eigenvectors of C [size, size] whose eigenvalue lies below the threshold.
 *
 * The threshold is absolute, so C must be an expectation (`secondMoment`), not a sum. Default 0.02. P is held by the smaller of the two
 * bases, as U0 U0^T or I - U1 U1^T. Cost: one eigendecomposition, about 9 size^3 (6 s at 1,024 on one core); cache it with C.
 * Source: AlphaEdit (arXiv 2410.02355) section 3.2; EasyEdit's get_project (reproduced: singular values of C are its eigenvalues).
 */
export const nullSpace = (moment: RealTensor, threshold?: number): NullSpace =>
  atOnce(nullSpaceInPieces(moment, threshold));

/** The same in pieces. */
export function* nullSpaceInPieces(moment: RealTensor, threshold = 0.02): Pieces<NullSpace> {
  const matrix = matrixOf(moment, "second moment");
  const size = matrix.rows;
  requireShape(matrix, [size, size], "second moment");
  const { values, vectors } = yield* symmetricEigen(matrix);
  const kept: number[] = [];
  const left: number[] = [];
  values.forEach((value, i) => (Math.abs(value) < threshold ? kept : left).push(i));
  const complement = left.length < kept.length;
  const chosen = complement ? left : kept;
  const basis = new Matrix(size, chosen.length);
  chosen.forEach((column, j) => basis.setColumn(j, vectors[column]));
  const transposed = basis.transpose();
  return {
    size,
    rank: kept.length,
    project(rows) {
      const along = rows.mmul(basis).mmul(transposed);
      return complement ? Matrix.sub(rows, along) : along;
    },
  };
}
