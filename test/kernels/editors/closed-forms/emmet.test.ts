import { Matrix, inverse } from "ml-matrix";
import { emmetUpdate } from "../../../../kernels/editors/closed-forms/emmet.ts";
import { factorMoment } from "../../../../kernels/editors/closed-forms/moment-factor.ts";
import { rRomeUpdate } from "../../../../kernels/editors/closed-forms/rome.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { applyUpdate, denseMatrix } from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear, seededMoment, seededRows } from "./seeded.ts";

describe("EMMET", () => {
  const [inputs, outputs] = [64, 20];
  const moment = seededMoment(inputs, 1);
  const keys = seededRows(6, inputs, 2);
  const residuals = seededRows(6, outputs, 3);

  it("with one fact and no ridge equals ROME with the second moment and the same key", () => {
    const key = seededRows(1, inputs, 4);
    const target = seededRows(1, outputs, 5);
    const rome = rRomeUpdate({
      keys: key,
      outputs: float32(new Float32Array(outputs), [1, outputs]),
      target,
      factor: factorMoment(moment),
    });
    const scaled = factorMoment(moment, { scale: 1000 });
    expectNear(
      denseMatrix(emmetUpdate({ keys: key, residuals: target, factor: scaled, ridge: 0 })),
      denseMatrix(rome),
      1e-6,
    );
  });

  it("without a ridge gives every key its residual", () => {
    const update = emmetUpdate({ keys, residuals, factor: factorMoment(moment), ridge: 0 });
    expectNear(applyUpdate(keys, update), matrixOf(residuals, "residuals"), 1e-5);
  });

  it("equals the dense form among 64 values, with ridge and norm term", () => {
    const k = matrixOf(keys, "keys");
    const dense = inverse(Matrix.mul(matrixOf(moment, "moment"), 3).add(Matrix.eye(inputs, inputs, 0.5)));
    const constraints = k
      .mmul(dense)
      .mmul(k.transpose())
      .add(Matrix.eye(6, 6, 0.1));
    const wanted = dense.mmul(k.transpose()).mmul(inverse(constraints)).mmul(matrixOf(residuals, "residuals"));
    const factor = factorMoment(moment, { scale: 3, ridge: 0.5 });
    expectNear(denseMatrix(emmetUpdate({ keys, residuals, factor })), wanted, 1e-6);
  });

  it("takes the pseudo-inverse where keys repeat: contradicting facts meet in the middle", () => {
    const key = seededRows(1, inputs, 4);
    const twice = float32([...key.data, ...key.data], [2, inputs]);
    const apart = float32([1, 3], [2, 1]);
    const update = emmetUpdate({ keys: twice, residuals: apart, factor: factorMoment(moment), ridge: 0 });
    expectNear(applyUpdate(key, update), new Matrix([[2]]), 1e-5);
  });
});
