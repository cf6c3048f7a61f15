import { expect } from "chai";
import { memitUpdate } from "../../../../kernels/editors/closed-forms/memit.ts";
import { factorMoment } from "../../../../kernels/editors/closed-forms/moment-factor.ts";
import { optimiseValue } from "../../../../kernels/editors/closed-forms/optimise-value.ts";
import { pmetUpdate } from "../../../../kernels/editors/closed-forms/pmet.ts";
import { spreadResiduals } from "../../../../kernels/editors/closed-forms/spread-residuals.ts";
import { float32 } from "../../../../kernels/tensor.ts";
import { seededMoment, seededRows } from "./seeded.ts";

describe("PMET", () => {
  it("with a zero attention delta and one layer equals MEMIT with the same z", async () => {
    const [inputs, outputs] = [16, 6];
    const start = seededRows(1, outputs, 1).data;
    const wish = seededRows(1, outputs, 2).data;
    // The loss pulls the MLP's part towards a wish; the attention's part has no slope, so its delta stays zero.
    const pull = (delta: Float32Array) => ({
      loss: wish.reduce((sum, wanted, i) => sum + (start[i] + delta[i] - wanted) ** 2, 1),
      gradient: Float32Array.from(delta, (change, i) => (i < outputs ? 2 * (start[i] + change - wish[i]) : 0)),
    });
    const options = { passes: 10, stopBelow: 0 };
    const both = await optimiseValue([start, seededRows(1, 9, 3).data], pull, options);
    const alone = await optimiseValue(start, pull, options);
    expect([...both.delta.slice(outputs)]).to.deep.equal(new Array(9).fill(0));
    expect([...both.delta.slice(0, outputs)]).to.deep.equal([...alone.delta]);

    const current = float32(start, [1, outputs]);
    const z = (delta: Float32Array) => float32(start.map((value, i) => value + delta[i]), [1, outputs]); // prettier-ignore
    const write = {
      keys: seededRows(1, inputs, 4),
      factor: factorMoment(seededMoment(inputs, 5)),
      lambda: 15,
    };
    const pmet = spreadResiduals({ targets: z(both.delta), current, layersLeft: 1, spread: "sqrt" });
    const memit = spreadResiduals({ targets: z(alone.delta), current, layersLeft: 1 });
    expect(pmetUpdate({ ...write, residuals: pmet })).to.deep.equal(memitUpdate({ ...write, residuals: memit }));
  });
});
