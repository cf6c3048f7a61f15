import { expect } from "chai";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { bcaMean } from "../../../../kernels/evaluation/statistics/bca.ts";
import { bootstrapMean } from "../../../../kernels/evaluation/statistics/bootstrap.ts";

describe("bcaMean", () => {
  it("gives [v, v] where nothing varies, and refuses an empty set", () => {
    expect(bcaMean([[0.25]])).to.deep.equal([0.25, 0.25]);
    expect(bcaMean([[1], [1], [1, 1]])).to.deep.equal([1, 1]);
    expect(() => bcaMean([[], []])).to.throw(EmptySetError);
  });

  it("agrees with the percentile interval where the values are symmetric", () => {
    const values = Array.from({ length: 41 }, (_, i) => [i - 20]);
    const [bca, percentile] = [bcaMean(values, { seed: 2 }), bootstrapMean(values, { seed: 2 })];
    expect(bca[0]).to.be.closeTo(percentile[0], 0.25);
    expect(bca[1]).to.be.closeTo(percentile[1], 0.25);
  });

  it("lies further to the long side where the values are skewed", () => {
    const values = Array.from({ length: 30 }, (_, i) => [Math.exp(i / 6)]);
    const [bca, percentile] = [bcaMean(values), bootstrapMean(values)];
    expect(bca[0]).to.be.greaterThan(percentile[0]);
    expect(bca[1]).to.be.greaterThan(percentile[1]);
  });

  it("follows the formula on three values whose bootstrap distribution is known whole", () => {
    // Means of 27 resamples of 0, 0, 3: 0, 1, 2, 3 with weights 8, 12, 6, 1. Mean 1: below 8/27, equal 12/27, so the bias is the normal
    // quantile of 14/27, 0.046. Jackknife means 1.5, 1.5, 0: acceleration 0.75 / (6 * 1.5^1.5) = 0.068. At level 0.44 (z 0.583) the
    // percentile interval ends at the shares 0.28 and 0.72, BCa's at 0.319 and 0.759, across the steps at 8/27 and 20/27.
    const values = [[0], [0], [3]];
    const options = { resamples: 40_000, level: 0.44 };
    expect(bootstrapMean(values, options)).to.deep.equal([0, 1]);
    expect(bcaMean(values, options)).to.deep.equal([1, 2]);
  });

  it("is wider when equal values come in clusters", () => {
    const loose = bcaMean([...Array(20).fill([1]), ...Array(20).fill([0])]);
    const tight = bcaMean([...Array(10).fill([1, 1]), ...Array(10).fill([0, 0])]);
    expect(tight[1] - tight[0]).to.be.greaterThan(1.2 * (loose[1] - loose[0]));
  });
});
