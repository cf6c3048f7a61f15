import { Matrix } from "ml-matrix";
import { expect } from "chai";
import {
  addRows,
  deviations,
  noStatistics,
  standardise,
} from "../../../../kernels/editors/closed-forms/running-statistics.ts";
import { matrixOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import { ultraEditStatistics, ultraEditUpdate } from "../../../../kernels/editors/closed-forms/ultraedit.ts";
import { beside, denseMatrix } from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { expectNear, messageOf, seededRows } from "./seeded.ts";

describe("running statistics", () => {
  const rows = matrixOf(seededRows(9, 3, 1), "rows");
  const [first, second] = [rows.subMatrix(0, 3, 0, 2), rows.subMatrix(4, 8, 0, 2)];

  it("of two batches are those of their union", () => {
    const both = addRows(addRows(noStatistics(3), first), second);
    expect(both.n).to.equal(9);
    expectNear(Matrix.rowVector(both.mean), Matrix.rowVector(rows.mean("column")), 1e-12);
    expectNear(Matrix.rowVector(deviations(both)), Matrix.rowVector(rows.standardDeviation("column")), 1e-12);
  });

  it("count a batch of one row", () => {
    let one = noStatistics(3);
    for (let i = 0; i < 9; i++) one = addRows(one, rows.subMatrix(i, i, 0, 2));
    expectNear(Matrix.rowVector(deviations(one)), Matrix.rowVector(rows.standardDeviation("column")), 1e-12);
  });

  it("as released are too wide by b / (b - 1), and nothing for a batch of one row", () => {
    const [official, corrected] = (["official", "corrected"] as const).map((variant) =>
      addRows(noStatistics(3), first, variant),
    );
    expect(official.squares[0] / corrected.squares[0]).to.be.closeTo(4 / 3, 1e-12);
    expect(addRows(noStatistics(3), rows.subMatrix(0, 0, 0, 2), "official").squares[0]).to.be.NaN;
  });
});

describe("UltraEdit", () => {
  const [inputs, outputs] = [64, 16];
  // Fewer tokens than values in a key: a system of tokens. More: one of values.
  for (const tokens of [20, 150])
    it(`fulfils the normal equations with ${tokens} tokens`, () => {
      const batch = { keys: seededRows(tokens, inputs, 1), gradients: seededRows(tokens, outputs, 2) };
      const statistics = ultraEditStatistics(noStatistics(inputs + outputs), batch);
      const update = ultraEditUpdate(batch, statistics, 0.5);
      const h = matrixOf(batch.keys, "keys");
      const rows = standardise(beside(h, matrixOf(batch.gradients, "gradients")), statistics, 2 ** -23);
      const values = new Matrix(tokens, outputs);
      for (let i = 0; i < tokens; i++) {
        const [key, gradient] = [rows.getRow(i).slice(0, inputs), rows.getRow(i).slice(inputs)];
        values.setRow(i, gradient.map((g) => -0.5 * key.reduce((sum, each) => sum + each * each, 0) * g)); // prettier-ignore
      }
      const left = h.transpose().mmul(h).add(Matrix.eye(inputs)).mmul(denseMatrix(update));
      expectNear(left, h.transpose().mmul(values), 1e-5);
    });

  it("comes as factors only where they hold fewer numbers than the weight", () => {
    const kind = (tokens: number) => {
      const batch = { keys: seededRows(tokens, inputs, 1), gradients: seededRows(tokens, outputs, 2) };
      return ultraEditUpdate(batch, ultraEditStatistics(noStatistics(inputs + outputs), batch), 1).kind;
    };
    expect([kind(5), kind(20)]).to.deep.equal(["low-rank", "dense"]);
  });

  it("refuses statistics without a deviation", () => {
    const batch = { keys: seededRows(1, 4, 1), gradients: seededRows(1, 2, 2) };
    expect(messageOf(() => ultraEditUpdate(batch, noStatistics(6), 1))).to.contain("statistics of 0 tokens");
  });
});
