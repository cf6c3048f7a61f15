import { Matrix, inverse } from "ml-matrix";
import { expect } from "chai";
import {
  addKeys,
  emptyGram,
  gramMatrix,
  solveNewKeys,
  type GramSolver,
} from "../../../../kernels/editors/closed-forms/key-gram.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { expectNear, messageOf, seededRows } from "./seeded.ts";

describe("sum of keys over a sequence", () => {
  const size = 24;
  const earlier = seededRows(10, size, 1);
  const now = matrixOf(seededRows(4, size, 2), "keys");

  it("becomes a matrix once there are more keys than values, with the same sum", () => {
    const few = addKeys(emptyGram(size), earlier);
    const many = addKeys(few, seededRows(15, size, 3));
    expect(["keys" in few, "sum" in many]).to.deep.equal([true, true]);
    const all = [earlier, seededRows(15, size, 3)].map((rows) => matrixOf(rows, "keys").gram());
    expectNear(gramMatrix(many), Matrix.add(all[0], all[1]), 1e-12);
    expect("keys" in few && few.keys.rows, "the earlier value is left as it was").to.equal(10);
  });

  for (const solver of ["keys", "lu", "cholesky", "svd"] as GramSolver[])
    for (const count of [0, 10, 40])
      it(`solves the regularised system with ${solver} after ${count} keys`, () => {
        const gram = count === 0 ? emptyGram(size) : addKeys(emptyGram(size), seededRows(count, size, 4));
        const system = Matrix.add(gramMatrix(gram), now.transpose().mmul(now)).add(Matrix.eye(size, size, 0.3));
        expectNear(solveNewKeys(gram, now, 0.3, solver), inverse(system).mmul(now.transpose()), 1e-9);
      });

  it("refuses keys of another size", () => {
    expect(messageOf(() => addKeys(emptyGram(size), seededRows(1, 5, 1)))).to.contain("[1, 5] where [any, 24]");
  });
});
