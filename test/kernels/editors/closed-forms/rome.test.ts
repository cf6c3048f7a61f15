import { inverse, Matrix } from "ml-matrix";
import { expect } from "chai";
import { factorMoment } from "../../../../kernels/editors/closed-forms/moment-factor.ts";
import { romeUpdate, rRomeUpdate } from "../../../../kernels/editors/closed-forms/rome.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { applyUpdate, denseMatrix } from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear, messageOf, seededMoment, seededRows } from "./seeded.ts";

describe("ROME", () => {
  const [inputs, outputs] = [12, 7];
  const weight = matrixOf(seededRows(inputs, outputs, 1), "weight");
  const contexts = seededRows(5, inputs, 2);
  const prompt = seededRows(1, inputs, 3);
  const key = matrixOf(prompt, "key");
  const promptOutput = float32(key.mmul(weight).to1DArray(), [1, outputs]);
  const target = seededRows(1, outputs, 4);
  const factor = factorMoment(seededMoment(inputs, 5));
  const given = { directionKeys: contexts, keys: prompt, outputs: promptOutput, target };

  for (const [name, covariance] of [
    ["identity", undefined],
    ["second moment", factor],
  ] as const)
    // prettier-ignore
    it(`gives (W + dW) k = v* for the prompt's key, with the ${name}`, () => {
      const update = romeUpdate({ ...given, factor: covariance });
      expectNear(key.mmul(weight).add(applyUpdate(key, update)), matrixOf(target, "target"), 1e-6);
    });

  it("is the direction C^-1 k at unit length, times what is missing", () => {
    const { a, b } = romeUpdate({ ...given, factor });
    expect([a.dims, b.dims]).to.deep.equal([[inputs, 1], [1, outputs]]); // prettier-ignore
    expect(Math.hypot(...a.data)).to.be.closeTo(1, 1e-6);
    const mean = matrixOf(contexts, "contexts").mean("column");
    const direction = inverse(matrixOf(seededMoment(inputs, 5), "moment")).mmul(Matrix.columnVector(mean));
    expectNear(matrixOf(a, "a"), direction.div(direction.norm()), 1e-6);
  });

  it("equals R-ROME where there is one context", () => {
    const one = romeUpdate({ ...given, directionKeys: prompt, factor });
    expect(rRomeUpdate({ keys: prompt, outputs: promptOutput, target, factor })).to.deep.equal(one);
  });

  it("as R-ROME sends the mean key to the target", () => {
    const mean = Matrix.rowVector(matrixOf(contexts, "contexts").mean("column"));
    const contextOutputs = matrixOf(contexts, "contexts").mmul(weight);
    const update = rRomeUpdate({ keys: contexts, outputs: float32(contextOutputs.to1DArray(), [5, outputs]), target });
    expectNear(mean.mmul(weight).add(applyUpdate(mean, update)), matrixOf(target, "target"), 1e-6);
  });

  it("is transposed by the official variant for a square weight stored [out, in], and for no other", () => {
    const square = {
      directionKeys: contexts,
      keys: prompt,
      outputs: seededRows(1, inputs, 6),
      target: seededRows(1, inputs, 7),
    };
    const corrected = denseMatrix(romeUpdate(square));
    expectNear(denseMatrix(romeUpdate({ ...square, variant: "official" })), corrected.transpose(), 1e-15);
    expectNear(denseMatrix(romeUpdate({ ...square, variant: "official", storedAs: "in-out" })), corrected, 1e-15);
    expectNear(denseMatrix(romeUpdate({ ...given, variant: "official" })), denseMatrix(romeUpdate(given)), 1e-15);
  });

  it("refuses a key that is orthogonal to the direction, and keys of two sizes", () => {
    const [along, across] = [float32([1, 0], [1, 2]), float32([0, 1], [1, 2])];
    const two = { outputs: float32([0, 0], [1, 2]), target: float32([1, 1], [2]) };
    expect(messageOf(() => romeUpdate({ directionKeys: along, keys: across, ...two }))).to.contain("is 0, so no");
    expect(messageOf(() => romeUpdate({ ...given, directionKeys: along }))).to.contain("direction keys: [1, 2]");
  });
});
