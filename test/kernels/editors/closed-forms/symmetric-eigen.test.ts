import { expect } from "chai";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { atOnce } from "../../../../kernels/editors/closed-forms/pieces.ts";
import { symmetricEigen } from "../../../../kernels/editors/closed-forms/symmetric-eigen.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { seededRows } from "./seeded.ts";

const gram = (rows: number, size: number) => matrixOf(seededRows(rows, size, size), "rows").gram();

describe("eigenvalues and eigenvectors of a symmetric matrix", () => {
  const matrices: [string, Matrix][] = [
    ...[1, 2, 3, 5, 8, 33, 90].map((size): [string, Matrix] => [`of full rank, size ${size}`, gram(size + 3, size)]),
    ["of a third of its rank", gram(11, 33)],
    ["that is diagonal", Matrix.diag([3, -1, 2, 2, 0])],
    ["of zeros", Matrix.zeros(4, 4)],
    ["with negative eigenvalues", gram(9, 8).sub(Matrix.eye(8, 8, 3))],
  ];
  for (const [what, matrix] of matrices)
    it(`are ml-matrix's to the last bit: a matrix ${what}`, () => {
      const { values, vectors } = atOnce(symmetricEigen(matrix));
      const expected = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
      expect([...values]).to.deep.equal(expected.realEigenvalues);
      expect(vectors.map((row) => [...row])).to.deep.equal(expected.eigenvectorMatrix.transpose().to2DArray());
      // And A V = V diag(values).
      const v = new Matrix(vectors.map((row) => [...row])).transpose();
      const gap = matrix.mmul(v).sub(v.mmul(Matrix.diag([...values])));
      expect(gap.norm()).to.be.at.most(1e-12 * (1 + matrix.norm()));
    });
});
