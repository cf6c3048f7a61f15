import { Matrix } from "ml-matrix";
import { expect } from "chai";
import {
  mendFactors,
  mendStatistics,
  mendUpdate,
  noMendStatistics,
} from "../../../../kernels/editors/closed-forms/mend.ts";
import type { MendNetwork } from "../../../../kernels/editors/closed-forms/mend-network.ts";
import { standardise } from "../../../../kernels/editors/closed-forms/running-statistics.ts";
import { matrixOf, tensorOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { denseMatrix } from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { expectNear, messageOf, seededRows } from "./seeded.ts";

const [inputs, outputs, tokens] = [5, 3, 8];
/** As it starts: U is zero, so each layer adds nothing. */
const untrained = (size: number, modes?: number): MendNetwork => ({
  skip: true,
  layers: [0, 1].map((seed) => ({
    u: new Matrix(size, 2),
    v: matrixOf(seededRows(2, size, seed), "v"),
    bias: new Array(size).fill(0),
    ...(modes ? { scale: new Matrix(modes, size).fill(1), shift: new Matrix(modes, size) } : {}),
  })),
});

describe("MEND", () => {
  const x = seededRows(tokens, inputs, 1);
  const delta = seededRows(tokens, outputs, 2);
  const statistics = mendStatistics(noMendStatistics(inputs, outputs), { x, delta });
  const combined = { networks: { combined: untrained(inputs + outputs, 2) } };

  it("untrained returns standardised gradients", () => {
    const factors = mendFactors(combined, statistics, { x, delta, mode: 1 });
    expectNear(factors.x, standardise(matrixOf(x, "x"), statistics.x, 1e-7), 1e-12);
    expectNear(factors.delta, standardise(matrixOf(delta, "delta"), statistics.delta, 1e-7), 1e-12);
  });

  it("without standardising and one step size gives the plain gradient x^T delta", () => {
    const transform = { networks: { x: untrained(inputs), delta: untrained(outputs) }, normalise: false };
    const update = mendUpdate(transform, statistics, { x, delta }, -0.5);
    expect([update.a.dims, update.b.dims]).to.deep.equal([[inputs, tokens], [tokens, outputs]]); // prettier-ignore
    expectNear(denseMatrix(update), matrixOf(x, "x").transpose().mmul(matrixOf(delta, "delta")).mul(-0.5), 1e-6);
  });

  it("skips tokens without a gradient, and flattens batches", () => {
    const silent = matrixOf(delta, "delta");
    silent.setRow(2, new Array(outputs).fill(0));
    const cube = {
      x: float32(x.data, [2, tokens / 2, inputs]),
      delta: float32(tensorOf(silent).data, [2, tokens / 2, outputs]),
    };
    expect(mendFactors(combined, statistics, cube).x.rows).to.equal(tokens - 1);
    expect(mendStatistics(noMendStatistics(inputs, outputs), cube).x.n).to.equal(tokens - 1);
  });

  it("writes nothing where no token has a gradient", () => {
    const nothing = { x, delta: float32(new Float32Array(tokens * outputs), [tokens, outputs]) };
    expectNear(denseMatrix(mendUpdate(combined, statistics, nothing, 1)), new Matrix(inputs, outputs), 1e-15);
  });

  it("keeps statistics over calls as over one call with all tokens", () => {
    const half = (from: number) => ({
      x: float32(x.data.slice(from * inputs, (from + 4) * inputs), [4, inputs]),
      delta: float32(delta.data.slice(from * outputs, (from + 4) * outputs), [4, outputs]),
    });
    const twice = mendStatistics(mendStatistics(noMendStatistics(inputs, outputs), half(0)), half(4));
    expectNear(Matrix.rowVector(twice.x.squares), Matrix.rowVector(statistics.x.squares), 1e-12);
  });

  it("refuses one token in training, and a weight that the network does not know", () => {
    const one = { x: seededRows(1, inputs, 3), delta: seededRows(1, outputs, 4) };
    expect(messageOf(() => mendStatistics(noMendStatistics(inputs, outputs), one))).to.contain(
      "1 token with a gradient",
    );
    expect(messageOf(() => mendFactors(combined, statistics, { x, delta, mode: 2 }))).to.contain(
      "weight 2 of a network for 2",
    );
  });
});
