import { expect } from "chai";
import { random, type Random } from "../../../../kernels/random.ts";
import { bcaMean } from "../../../../kernels/evaluation/statistics/bca.ts";
import { bootstrapMean } from "../../../../kernels/evaluation/statistics/bootstrap.ts";
import { pairedRiskDifference } from "../../../../kernels/evaluation/statistics/risk-difference.ts";
import { wilsonInterval } from "../../../../kernels/evaluation/statistics/wilson.ts";

const SIMULATIONS = 400;

/** Share of seeded simulations whose interval holds the truth; its own standard error at 0.95 is 0.011. */
function coverage(truth: number, interval: (stream: Random, seed: number) => [number, number]): number {
  let covered = 0;
  for (let seed = 0; seed < SIMULATIONS; seed++) {
    const [low, high] = interval(random(1000 + seed), seed);
    if (low <= truth + 1e-12 && truth - 1e-12 <= high) covered++;
  }
  return covered / SIMULATIONS;
}

const bernoulli = (stream: Random, n: number, p: number) => Array.from({ length: n }, () => [Number(stream.chance(p))]);

/** Clusters of one to four outcomes that share a chance of their own: 0.9 or 0.3, equally often; mean 0.6. */
const clustered = (stream: Random, n: number) =>
  Array.from({ length: n }, () => {
    const p = stream.chance(0.5) ? 0.9 : 0.3;
    return Array.from({ length: 1 + stream.below(4) }, () => Number(stream.chance(p)));
  });

// Bootstraps are known to fall a little short of 95% at these sizes; the bounds say by how much at most.
describe("coverage of nominal 95% intervals in 400 seeded simulations", () => {
  for (const [n, p] of [
    [30, 0.5],
    [60, 0.8],
  ]) {
    it(`percentile bootstrap, n ${n}, p ${p}: 0.90 to 0.98`, () =>
      expect(
        coverage(p, (stream, seed) => bootstrapMean(bernoulli(stream, n, p), { seed, resamples: 500 })),
      ).to.be.within(0.9, 0.98));
    it(`BCa bootstrap, n ${n}, p ${p}: 0.90 to 0.98`, () =>
      expect(coverage(p, (stream, seed) => bcaMean(bernoulli(stream, n, p), { seed, resamples: 500 }))).to.be.within(
        0.9,
        0.98,
      ));
    it(`Wilson, n ${n}, p ${p}: 0.93 to 0.98`, () =>
      expect(
        coverage(p, (stream) => wilsonInterval(bernoulli(stream, n, p).flat().filter(Boolean).length, n)),
      ).to.be.within(0.93, 0.98));
  }

  it("clustered outcomes, 40 clusters: both bootstraps 0.91 to 0.98", () => {
    for (const interval of [bootstrapMean, bcaMean])
      expect(
        coverage(0.6, (stream, seed) => interval(clustered(stream, 40), { seed, resamples: 500 })),
        interval.name,
      ).to.be.within(0.91, 0.98);
  });

  it("clustered outcomes taken for independent ones fall below 0.90: why clusters are resampled", () =>
    expect(
      coverage(0.6, (stream, seed) =>
        bootstrapMean(
          clustered(stream, 40)
            .flat()
            .map((value) => [value]),
          { seed, resamples: 500 },
        ),
      ),
    ).to.be.lessThan(0.9));

  it("skewed values, 40 of an exponential distribution: BCa at least as often as percentile, and 0.89 or more", () => {
    const draw = (stream: Random) => Array.from({ length: 40 }, () => [-Math.log(1 - stream.between(0, 1))]);
    const percentile = coverage(1, (stream, seed) => bootstrapMean(draw(stream), { seed, resamples: 500 }));
    const bca = coverage(1, (stream, seed) => bcaMean(draw(stream), { seed, resamples: 500 }));
    expect(bca).to.be.at.least(percentile - 0.005);
    expect(bca).to.be.at.least(0.89);
  });

  it("paired risk difference, 50 pairs: 0.93 to 0.99", () =>
    expect(
      coverage(0.2, (stream) => {
        let [onlyA, onlyB] = [0, 0];
        for (let i = 0; i < 50; i++) {
          const u = stream.between(0, 1);
          if (u < 0.3) onlyA++;
          else if (u < 0.4) onlyB++;
        }
        return pairedRiskDifference({ onlyA, onlyB, n: 50 }).ci;
      }),
    ).to.be.within(0.93, 0.99));
});
