import { Matrix } from "ml-matrix";
import { expect } from "chai";
import { cholesky } from "../../../../kernels/editors/closed-forms/cholesky.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { expectNear, seededRows } from "./seeded.ts";

describe("Cholesky decomposition", () => {
  // Rows are eliminated in fours: sizes on either side of a multiple.
  for (const size of [1, 3, 4, 5, 8, 63])
    it(`solves a positive definite system of ${size} unknowns`, () => {
      const a = matrixOf(seededRows(size + 4, size, 1), "rows").gram();
      const columns = matrixOf(seededRows(size, 3, 2), "columns");
      expectNear(a.mmul(cholesky(a)!.solve(columns)), columns, 1e-9);
    });

  it("says where a matrix is singular up to rounding, indefinite, or not a number", () => {
    const rows = matrixOf(seededRows(6, 9, 3), "rows");
    rows.setRow(5, Matrix.add(rows.getRowVector(0), rows.getRowVector(3)).to1DArray());
    expect(cholesky(rows.mmulByTranspose())).to.equal(undefined);
    expect(cholesky(new Matrix([[1, 2], [2, 1]]))).to.equal(undefined); // prettier-ignore
    expect(cholesky(new Matrix([[NaN]]))).to.equal(undefined);
  });
});
