import { expect } from "chai";
import { wiseMask } from "../../../../kernels/editors/memories/wise-mask.ts";

describe("wiseMask", () => {
  it("opens its share of the weights, others for another seed", () => {
    const mask = wiseMask(10_000, 3);
    // Binomial(10000, 0.2): standard deviation 40; four of them.
    expect(mask.reduce((sum, open) => sum + open, 0)).to.be.closeTo(2000, 160);
    expect(wiseMask(10_000, 3)).to.deep.equal(mask);
    expect(wiseMask(10_000, 4)).not.to.deep.equal(mask);
    expect([...wiseMask(3, 0, 1), ...wiseMask(3, 0, 0)]).to.deep.equal([1, 1, 1, 0, 0, 0]);
  });
});
