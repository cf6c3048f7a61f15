import { Matrix, inverse } from "ml-matrix";
import { expect } from "chai";
import { memitUpdate } from "../../../../kernels/editors/closed-forms/memit.ts";
import { factorMoment } from "../../../../kernels/editors/closed-forms/moment-factor.ts";
import { rRomeUpdate } from "../../../../kernels/editors/closed-forms/rome.ts";
import { spreadResiduals } from "../../../../kernels/editors/closed-forms/spread-residuals.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { applyUpdate, denseMatrix } from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear, messageOf, seededMoment, seededRows } from "./seeded.ts";

describe("MEMIT", () => {
  const [inputs, outputs] = [64, 48];
  const moment = seededMoment(inputs, 1);
  const factor = factorMoment(moment);
  const keys = seededRows(10, inputs, 2);
  const residuals = seededRows(10, outputs, 3);

  for (const lambda of [15000, 1, 1e-3])
    it(`equals the dense solve among 64 values at lambda ${lambda}`, () => {
      const k = matrixOf(keys, "keys");
      const system = Matrix.mul(matrixOf(moment, "moment"), lambda).add(k.transpose().mmul(k));
      const dense = inverse(system).mmul(k.transpose()).mmul(matrixOf(residuals, "residuals"));
      expectNear(denseMatrix(memitUpdate({ keys, residuals, factor, lambda })), dense, 1e-6);
    });

  it("with one fact and vanishing lambda equals R-ROME with the second moment", () => {
    const key = seededRows(1, inputs, 4);
    const current = seededRows(1, outputs, 5);
    const target = seededRows(1, outputs, 6);
    const rome = denseMatrix(rRomeUpdate({ keys: key, outputs: current, target, factor }));
    const residual = spreadResiduals({ targets: target, current, layersLeft: 1 });
    const at = (lambda: number) => denseMatrix(memitUpdate({ keys: key, residuals: residual, factor, lambda }));
    expectNear(at(1e-9), rome, 1e-6);
    expectNear(at(0), rome, 1e-6);
    expect(Matrix.sub(at(15000), rome).norm()).to.be.above(0.5 * rome.norm());
  });

  it("gives every key its residual at lambda 0, and keeps rank N", () => {
    const update = memitUpdate({ keys, residuals, factor, lambda: 0 });
    expect([update.a.dims, update.b.dims]).to.deep.equal([[inputs, 10], [10, outputs]]); // prettier-ignore
    expectNear(applyUpdate(keys, update), matrixOf(residuals, "residuals"), 1e-5);
  });

  it("refuses repeated keys at lambda 0, and residuals for other facts", () => {
    const twice = float32([...keys.data.slice(0, inputs), ...keys.data.slice(0, inputs)], [2, inputs]);
    const two = seededRows(2, outputs, 7);
    expect(messageOf(() => memitUpdate({ keys: twice, residuals: two, factor, lambda: 0 }))).to.contain(
      "2 keys depend",
    );
    expect(messageOf(() => memitUpdate({ keys, residuals: two, factor, lambda: 1 }))).to.contain("residuals: [2, 48]");
  });
});

describe("residuals over layers", () => {
  const targets = float32([4, 8], [2, 1]);
  const current = float32([0, 0], [2, 1]);
  const spread = (more: object) => [...spreadResiduals({ targets, current, layersLeft: 4, ...more }).data];

  it("are divided by the layers left, or by their root", () => {
    expect(spread({})).to.deep.equal([1, 2]);
    expect(spread({ spread: "sqrt" })).to.deep.equal([2, 4]);
  });

  it("are shared by a fact's keys, which follow each other", () => {
    expect(spread({ keyCount: 4 })).to.deep.equal([1, 1, 2, 2]);
    expect(messageOf(() => spread({ keyCount: 3 }))).to.contain("3 keys for 2 facts");
  });

  it("reach the target exactly where each layer's write is felt in full", () => {
    let at = 0;
    for (const layersLeft of [3, 2, 1])
      at += spreadResiduals({ targets: float32([6], [1, 1]), current: float32([at], [1, 1]), layersLeft }).data[0];
    expect(at).to.be.closeTo(6, 1e-6);
  });
});
