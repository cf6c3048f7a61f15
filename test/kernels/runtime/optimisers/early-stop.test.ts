import { expect } from "chai";
import { earlyStop } from "../../../../kernels/runtime/optimisers/early-stop.ts";

describe("early stop", () => {
  it("stops after `patience` losses without improvement beyond the margin", () => {
    const stop = earlyStop({ patience: 2, margin: 0.1 });
    expect([3, 2, 1.95, 1.8, 1.79, 1.75].map(stop)).to.deep.equal([false, false, false, false, false, true]);
  });
  it("stops below a loss, and never without settings", () => {
    expect([1, 0.5, 0.4].map(earlyStop({ below: 0.5 }))).to.deep.equal([false, false, true]);
    expect([1, 1, 1, 1].map(earlyStop({})).some(Boolean)).to.equal(false);
  });
});
