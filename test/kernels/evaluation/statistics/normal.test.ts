import { expect } from "chai";
import { normalCdf, normalQuantile, twoSidedZ } from "../../../../kernels/evaluation/statistics/normal.ts";

describe("normalCdf and normalQuantile", () => {
  it("agree with tabulated values", () => {
    // Abramowitz and Stegun, tables 26.1 and 26.2.
    expect(normalCdf(0)).to.equal(0.5);
    expect(normalCdf(1)).to.be.closeTo(0.841344746068543, 1e-14);
    expect(normalCdf(-2)).to.be.closeTo(0.0227501319481792, 1e-15);
    expect(normalCdf(-6) / 9.86587645037698e-10).to.be.closeTo(1, 1e-11);
    expect(normalCdf(-10) / 7.61985302416047e-24).to.be.closeTo(1, 1e-11);
    expect(twoSidedZ(0.95)).to.be.closeTo(1.95996398454005, 1e-13);
    expect(normalQuantile(0.99)).to.be.closeTo(2.32634787404084, 1e-13);
  });

  it("are inverse to each other, also far out", () => {
    for (const p of [1e-12, 1e-5, 0.01, 0.3, 0.5, 0.9, 0.9999])
      expect(normalCdf(normalQuantile(p)) / p).to.be.closeTo(1, 1e-11);
  });

  it("end in infinity, and refuse what is no probability", () => {
    expect([normalQuantile(0), normalQuantile(1)]).to.deep.equal([-Infinity, Infinity]);
    expect([normalCdf(-Infinity), normalCdf(Infinity)]).to.deep.equal([0, 1]);
    for (const p of [-0.1, 1.1, NaN]) expect(normalQuantile(p)).to.be.NaN;
  });
});
