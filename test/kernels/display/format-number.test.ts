import { expect } from "chai";
import { interval, score, signed } from "../../../kernels/display/format-number.ts";

describe("number format", () => {
  it("rounds halves away from zero and never shows a negative zero", () => {
    expect([0.975, 0.625, -0.001, 1, -2.4].map(score)).to.deep.equal(["0.98", "0.63", "0.00", "1.00", "\u22122.40"]);
  });

  it("signs changes, but not a change that rounds to nothing", () => {
    expect([3.9, -0.12, 0.004, -0.004].map(signed)).to.deep.equal(["+3.90", "\u22120.12", "0.00", "0.00"]);
    expect(interval([-0.5, 0.25])).to.equal("\u22120.50 to 0.25");
    expect(interval(null)).to.equal("none, too few values");
  });
});
