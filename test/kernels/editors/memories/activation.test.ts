import { expect } from "chai";
import { type ActivationName, activations, erf } from "../../../../kernels/editors/memories/activation.ts";

describe("activations", () => {
  it("erf agrees with published values (Abramowitz and Stegun, table 7.1)", () => {
    const table = { 0: 0, 0.1: 0.112462916, 0.5: 0.5204998778, 1: 0.8427007929, 2: 0.995322265, 3: 0.9999779095 };
    for (const [x, y] of Object.entries(table)) {
      expect(erf(Number(x)), x).to.be.closeTo(y, 1e-9);
      expect(erf(-Number(x)), `-${x}`).to.be.closeTo(-y, 1e-9);
    }
    expect(erf(5.99)).to.be.closeTo(1, 1e-14);
    expect([erf(7), erf(-40)]).to.deep.equal([1, -1]);
  });

  it("agree at 1.5 with their definitions worked out in Python (math.erf, math.tanh, math.exp)", () => {
    const at = { gelu: 1.3997892, gelu_new: 1.39957158, quick_gelu: 1.3916622, relu: 1.5, silu: 1.22636171 };
    for (const [name, y] of Object.entries(at)) {
      expect(activations[name as ActivationName].value(1.5), name).to.be.closeTo(y, 1e-8);
    }
  });

  for (const [name, { value, slope }] of Object.entries(activations))
    it(`${name}: the slope is that of central differences`, () => {
      for (const x of [-5.3, -1.7, -0.4, 0.3, 1.1, 2.9, 5.2])
        expect(slope(x), String(x)).to.be.closeTo((value(x + 1e-5) - value(x - 1e-5)) / 2e-5, 1e-8);
    });
});
