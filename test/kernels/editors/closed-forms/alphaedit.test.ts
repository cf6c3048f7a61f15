import { Matrix, inverse } from "ml-matrix";
import { expect } from "chai";
import { alphaEditUpdate } from "../../../../kernels/editors/closed-forms/alphaedit.ts";
import { addKeys, emptyGram, gramMatrix, type KeyGram } from "../../../../kernels/editors/closed-forms/key-gram.ts";
import { nullSpace } from "../../../../kernels/editors/closed-forms/null-space.ts";
import { secondMoment } from "../../../../kernels/editors/closed-forms/second-moment.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { applyUpdate, denseMatrix } from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { expectNear, seededRows } from "./seeded.ts";

const [inputs, outputs] = [64, 24];
const preserved = (keys: number) => {
  const gathered = secondMoment(inputs);
  const rows = seededRows(keys, inputs, 1);
  gathered.add(rows);
  return { rows, space: nullSpace(gathered.moment(), 1e-6) };
};

describe("null space", () => {
  // Few preserved keys: I - U1 U1^T is the smaller form. Many: U0 U0^T.
  for (const count of [12, 50])
    it(`of ${count} keys among 64 values is a symmetric idempotent projection that removes them`, () => {
      const { rows, space } = preserved(count);
      const p = space.project(Matrix.eye(inputs));
      expect(space.rank).to.equal(inputs - count);
      expect(p.trace()).to.be.closeTo(inputs - count, 1e-9);
      expectNear(p.mmul(p), p, 1e-12);
      expectNear(p.transpose(), p, 1e-12);
      expect(space.project(matrixOf(rows, "keys")).norm()).to.be.below(1e-9);
    });
});

describe("AlphaEdit", () => {
  const { rows: preservedKeys, space } = preserved(12);
  const keys = seededRows(5, inputs, 2);
  const residuals = seededRows(5, outputs, 3);
  const ridge = 10;

  it("changes nothing for preserved keys: dW K0 = 0", () => {
    const update = alphaEditUpdate({ keys, residuals, nullSpace: space, cache: emptyGram(inputs), ridge });
    expect(applyUpdate(preservedKeys, update).norm()).to.be.below(1e-6);
    expect(applyUpdate(keys, update).norm()).to.be.above(0.1);
  });

  const inKeys = addKeys(emptyGram(inputs), seededRows(20, inputs, 4));
  const asMatrix = { size: inputs, sum: gramMatrix(inKeys) };
  for (const [form, cache] of [
    ["keys", inKeys],
    ["a matrix", asMatrix],
  ] as [string, KeyGram][])
    // prettier-ignore
    it(`equals the dense solve among 64 values, with a cache kept as ${form}`, () => {
      const k = matrixOf(keys, "keys");
      const p = space.project(Matrix.eye(inputs));
      const system = p.mmul(Matrix.add(k.transpose().mmul(k), gramMatrix(inKeys))).add(Matrix.eye(inputs, inputs, ridge));
      const dense = inverse(system).mmul(p).mmul(k.transpose()).mmul(matrixOf(residuals, "residuals"));
      const update = alphaEditUpdate({ keys, residuals, nullSpace: space, cache, ridge });
      expect(update.a.dims).to.deep.equal([inputs, 5]);
      expectNear(denseMatrix(update), dense, 1e-6);
    });
});
