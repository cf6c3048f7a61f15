import { expect } from "chai";
import fc from "fast-check";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { resamplesFor } from "../../../../kernels/evaluation/statistics/resampled-means.ts";
import { bootstrapMean } from "../../../../kernels/evaluation/statistics/bootstrap.ts";

const values = (ones: number, zeros: number) => [...Array(ones).fill([1]), ...Array(zeros).fill([0])] as number[][];

describe("bootstrapMean", () => {
  it("gives [v, v] for one value, and for equal values", () => {
    expect(bootstrapMean([[0.25]])).to.deep.equal([0.25, 0.25]);
    expect(bootstrapMean(values(12, 0))).to.deep.equal([1, 1]);
  });

  it("refuses an empty set", () => {
    expect(() => bootstrapMean([])).to.throw(EmptySetError, /no value to resample/);
    expect(() => bootstrapMean([[], []])).to.throw(EmptySetError);
  });

  it("gives the same interval for the same seed and another for another", () => {
    const noisy = Array.from({ length: 37 }, (_, i) => [Math.sin(i)]);
    expect(bootstrapMean(noisy, { seed: 5 })).to.deep.equal(bootstrapMean(noisy, { seed: 5 }));
    expect(bootstrapMean(noisy, { seed: 5 })).not.to.deep.equal(bootstrapMean(noisy, { seed: 6 }));
  });

  it("agrees with the exact binomial quantiles of ten values of which seven are 1", () => {
    // Resampled means of 7 ones and 3 zeros are Binomial(10, 0.7) / 10. P(<= 3) = 0.011, P(<= 4) = 0.047, P(<= 9) = 0.972: quantiles 4 and 10.
    expect(bootstrapMean(values(7, 3))).to.deep.equal([0.4, 1]);
  });

  it("agrees with the normal approximation for 400 values", () => {
    const [lo, hi] = bootstrapMean(values(240, 160), { seed: 1 });
    const half = 1.959964 * Math.sqrt((0.6 * 0.4) / 400);
    expect(lo).to.be.closeTo(0.6 - half, 0.005);
    expect(hi).to.be.closeTo(0.6 + half, 0.005);
  });

  it("draws about as many clusters however many there are, and stays as precise", () => {
    expect([1, 200, 300, 1000, 2000, 10_000].map(resamplesFor)).to.deep.equal([
      10_000, 10_000, 6_667, 2_000, 1_000, 1_000,
    ]);
    const half = 1.959964 * Math.sqrt(0.25 / 3000);
    for (const seed of [0, 1, 2]) {
      const [lo, hi] = bootstrapMean(values(1500, 1500), { seed });
      expect(lo).to.be.closeTo(0.5 - half, 0.003);
      expect(hi).to.be.closeTo(0.5 + half, 0.003);
    }
  });

  it("is wider when equal values come in clusters", () => {
    const loose = bootstrapMean(values(20, 20));
    const tight = bootstrapMean([...Array(10).fill([1, 1]), ...Array(10).fill([0, 0])] as number[][]);
    expect(tight[1] - tight[0]).to.be.greaterThan(1.2 * (loose[1] - loose[0]));
  });

  it("covers the true mean in about 95 of 100 samples", () => {
    let covered = 0;
    for (let seed = 0; seed < 300; seed++) {
      // 60 values of a fixed uniform sequence with mean 0.5, another stretch each time (golden-ratio steps, scrambled).
      const sample = Array.from({ length: 60 }, (_, i) =>
        [((Math.imul(seed * 60 + i + 1, 0x9e3779b1) >>> 0) ^ (Math.imul(seed * 977 + i, 0x85ebca6b) >>> 0)) >>> 0].map(
          (h) => (h >>> 0) / 2 ** 32,
        ),
      );
      const [lo, hi] = bootstrapMean(sample, { seed, resamples: 500 });
      if (lo <= 0.5 && 0.5 <= hi) covered++;
    }
    expect(covered / 300).to.be.within(0.88, 0.99);
  });

  it("stays inside the range of the values, its ends in order, for any values", () =>
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 8,
        }),
        (clusters) => {
          const [lo, hi] = bootstrapMean(clusters, { resamples: 200 });
          const flat = clusters.flat();
          expect(lo).to.be.at.most(hi);
          expect(lo).to.be.at.least(Math.min(...flat) - 1e-12);
          expect(hi).to.be.at.most(Math.max(...flat) + 1e-12);
        },
      ),
      { numRuns: 50 },
    ));
});
