import { Matrix } from "ml-matrix";
import { expect } from "chai";
import { factorMoment, identityFactor } from "../../../../kernels/editors/closed-forms/moment-factor.ts";
import { secondMoment } from "../../../../kernels/editors/closed-forms/second-moment.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { expectNear, messageOf, seededMoment, seededRows } from "./seeded.ts";

describe("factor of a second moment", () => {
  const moment = seededMoment(16, 2);
  const matrix = matrixOf(moment, "moment");

  it("solves scale C + ridge I", () => {
    const columns = matrixOf(seededRows(16, 3, 3), "columns");
    const solved = factorMoment(moment, { scale: 5, ridge: 0.25 }).solve(columns);
    const dense = Matrix.mul(matrix, 5).add(Matrix.eye(16, 16, 0.25));
    expectNear(dense.mmul(solved), columns, 1e-12);
  });

  it("refuses the moment of fewer keys than values, until a share of the mean diagonal is added", () => {
    const gathered = secondMoment(16);
    gathered.add(seededRows(4, 16, 4));
    const singular = gathered.moment();
    expect(messageOf(() => factorMoment(singular)))
      .to.contain("singular")
      .and.to.contain("relativeRidge");
    const solved = factorMoment(singular, { relativeRidge: 0.5 }).solve(Matrix.eye(16));
    const added = (0.5 * matrixOf(singular, "moment").trace()) / 16;
    expectNear(
      matrixOf(singular, "moment")
        .add(Matrix.eye(16, 16, added))
        .mmul(solved),
      Matrix.eye(16),
      1e-10,
    );
  });

  it("has the identity as fallback", () => {
    const columns = matrixOf(seededRows(16, 3, 3), "columns");
    expectNear(identityFactor(16, 4).solve(columns), Matrix.div(columns, 4), 1e-15);
  });
});
