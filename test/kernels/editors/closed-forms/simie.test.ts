import { Matrix, inverse } from "ml-matrix";
import { expect } from "chai";
import { simieStep, startSimie, type SimieOptions } from "../../../../kernels/editors/closed-forms/simie.ts";
import { matrixOf, tensorOf } from "../../../../kernels/editors/closed-forms/tensor-matrix.ts";
import {
  applyUpdate,
  denseMatrix,
  lowRankUpdate,
  type WeightUpdate,
} from "../../../../kernels/editors/closed-forms/weight-update.ts";
import { expectNear, seededRows } from "./seeded.ts";

const [inputs, outputs] = [64, 40];
const rankTwo = (seed: number): WeightUpdate =>
  lowRankUpdate(matrixOf(seededRows(inputs, 2, seed), "a"), matrixOf(seededRows(2, outputs, seed + 1), "b"));

describe("SimIE", () => {
  it("with lambda 0 and one step gives W_t K = W_edit K", () => {
    const keys = seededRows(6, inputs, 1);
    const written = rankTwo(2);
    const { update } = simieStep(startSimie(inputs), { keys, written }, { lambda: 0 });
    expectNear(applyUpdate(keys, update), applyUpdate(keys, written), 1e-5);
    expect(Matrix.sub(denseMatrix(update), denseMatrix(written)).norm()).to.be.above(1);
  });

  // 8 tokens a step stay factors and keys; 30 a step pass the number of values at the third.
  for (const tokens of [8, 30])
    for (const options of [{ restart: true }, { restart: false }, { solver: "lu" }] as SimieOptions[])
      it(`equals the rule on weights over four steps of ${tokens} tokens, ${JSON.stringify(options)}`, () => {
        const base = matrixOf(seededRows(inputs, outputs, 9), "weight");
        const moment = Matrix.eye(inputs, inputs, 2);
        const weight = base.clone();
        let state = startSimie(inputs);
        for (let step = 0; step < 4; step++) {
          const keys = seededRows(tokens, inputs, 20 + step);
          const written =
            step % 2 ? rankTwo(30 + step) : ({ kind: "dense", delta: tensorOf(denseMatrix(rankTwo(step))) } as const);
          const result = simieStep(state, { keys, written }, { lambda: 2, ...options });
          state = result.state;
          const edited = Matrix.add((options.restart ?? true) ? base : weight, denseMatrix(written));
          const gram = matrixOf(keys, "keys").gram();
          moment.add(gram);
          const change = inverse(moment).mmul(gram).mmul(Matrix.sub(edited, weight));
          expectNear(denseMatrix(result.update), change, 1e-5);
          weight.add(change);
        }
        expectNear(denseMatrix(state.written!), Matrix.sub(weight, base), 1e-5);
      });

  it("leaves a state as it was, so that a step can be taken again", () => {
    const start = simieStep(startSimie(inputs), { keys: seededRows(3, inputs, 1), written: rankTwo(1) }).state;
    const step = { keys: seededRows(3, inputs, 2), written: rankTwo(3) };
    expect(simieStep(start, step).update).to.deep.equal(simieStep(start, step).update);
  });
});
