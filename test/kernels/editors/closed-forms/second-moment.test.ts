import { Matrix } from "ml-matrix";
import { expect } from "chai";
import { secondMoment } from "../../../../kernels/editors/closed-forms/second-moment.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear, messageOf, seededRows } from "./seeded.ts";

describe("second moment", () => {
  const keys = seededRows(50, 8, 1);
  const rows = matrixOf(keys, "keys");

  it("is the mean of k k^T, uncentred, however the keys are cut into batches", () => {
    const gathered = secondMoment(8);
    gathered.add(float32(keys.data.slice(0, 8 * 8), [8, 8]));
    gathered.add(float32(keys.data.slice(8 * 8), [2, 21, 8]));
    expect(gathered.count).to.equal(50);
    expectNear(matrixOf(gathered.moment(), "moment"), rows.transpose().mmul(rows).div(50), 1e-12);
  });

  it("is symmetric to the last bit", () => {
    const gathered = secondMoment(8);
    gathered.add(keys);
    const moment = matrixOf(gathered.moment(), "moment");
    expect(Matrix.sub(moment, moment.transpose()).norm()).to.equal(0);
  });

  it("refuses keys of another size, and an answer before the first key", () => {
    expect(messageOf(() => secondMoment(8).add(seededRows(1, 9, 1)))).to.contain("keys of 9 values where 8");
    expect(messageOf(() => secondMoment(8).moment())).to.contain("no key was added");
  });
});
