import { expect } from "chai";
import { binomialCdf } from "../../../../kernels/evaluation/statistics/binomial.ts";
import { clopperPearson } from "../../../../kernels/evaluation/statistics/clopper-pearson.ts";

/** Binomial coefficient by Pascal's triangle: another way than the one tested. */
const choose = (n: number, k: number): number => (k === 0 || k === n ? 1 : choose(n - 1, k - 1) + choose(n - 1, k));

describe("binomialCdf", () => {
  it("agrees with counted coefficients", () => {
    for (const [k, n, p] of [
      [3, 10, 0.5],
      [0, 7, 0.2],
      [11, 12, 0.9],
    ]) {
      let sum = 0;
      for (let i = 0; i <= k; i++) sum += choose(n, i) * p ** i * (1 - p) ** (n - i);
      expect(binomialCdf(k, n, p)).to.be.closeTo(sum, 1e-13);
    }
  });

  it("is 0 below and 1 from n on, and does not underflow for large n", () => {
    expect([binomialCdf(-1, 5, 0.5), binomialCdf(5, 5, 0.5), binomialCdf(2, 5, 0), binomialCdf(2, 5, 1)]).to.deep.equal(
      [0, 1, 1, 0],
    );
    expect(binomialCdf(2500, 5001, 0.5)).to.be.closeTo(0.5, 1e-9);
  });
});

describe("clopperPearson", () => {
  it("gives the closed forms at the ends", () => {
    const [low, high] = clopperPearson(0, 10);
    expect(low).to.equal(0);
    expect(high).to.be.closeTo(1 - 0.025 ** 0.1, 1e-12);
    expect(clopperPearson(10, 10)[0]).to.be.closeTo(0.025 ** 0.1, 1e-12);
    expect(clopperPearson(0, 0)).to.deep.equal([0, 1]);
  });

  it("has the ends at which each binomial tail is 2.5%", () => {
    const [low, high] = clopperPearson(3, 17);
    expect(1 - binomialCdf(2, 17, low)).to.be.closeTo(0.025, 1e-10);
    expect(binomialCdf(3, 17, high)).to.be.closeTo(0.025, 1e-10);
  });
});
