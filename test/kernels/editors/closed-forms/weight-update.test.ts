import { Matrix } from "ml-matrix";
import { expect } from "chai";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import {
  addUpdates,
  applyUpdate,
  denseMatrix,
  lowRankUpdate,
  smallestForm,
} from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear, messageOf, seededRows } from "./seeded.ts";

const factors = (rank: number, seed: number) =>
  lowRankUpdate(matrixOf(seededRows(10, rank, seed), "a"), matrixOf(seededRows(rank, 8, seed + 1), "b"));

describe("weight update", () => {
  it("adds factors side by side, and becomes dense once that is smaller", () => {
    const [few, many] = [addUpdates(factors(1, 1), factors(2, 3)), addUpdates(factors(3, 1), factors(3, 3))];
    expect([few.kind, many.kind]).to.deep.equal(["low-rank", "dense"]);
    expectNear(denseMatrix(few), denseMatrix(factors(1, 1)).add(denseMatrix(factors(2, 3))), 1e-6);
    expectNear(denseMatrix(many), denseMatrix(factors(3, 1)).add(denseMatrix(factors(3, 3))), 1e-6);
    expectNear(denseMatrix(addUpdates(many, factors(1, 5))), denseMatrix(many).add(denseMatrix(factors(1, 5))), 1e-6);
  });

  it("acts on rows as its matrix does", () => {
    const rows = seededRows(3, 10, 9);
    const wanted = matrixOf(rows, "rows").mmul(denseMatrix(factors(2, 1)));
    expectNear(applyUpdate(rows, factors(2, 1)), wanted, 1e-6);
    expectNear(
      applyUpdate(rows, smallestForm(factors(7, 1))),
      matrixOf(rows, "rows").mmul(denseMatrix(factors(7, 1))),
      1e-6,
    );
  });

  it("refuses factors of two ranks, and tensors that are no matrix", () => {
    expect(messageOf(() => lowRankUpdate(new Matrix(10, 2), new Matrix(3, 8)))).to.contain("[3, 8] where [2, any]");
    expect(messageOf(() => matrixOf(float32([1, 2], [1, 1, 2]), "keys"))).to.contain("keys: [1,1,2] with 2 values");
  });
});
