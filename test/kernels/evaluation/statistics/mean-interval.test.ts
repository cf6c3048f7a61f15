import { expect } from "chai";
import { bootstrapMean } from "../../../../kernels/evaluation/statistics/bootstrap.ts";
import { clopperPearson } from "../../../../kernels/evaluation/statistics/clopper-pearson.ts";
import { meanInterval } from "../../../../kernels/evaluation/statistics/mean-interval.ts";
import { clusterSums } from "../../../../kernels/evaluation/statistics/resampled-means.ts";
import { random } from "../../../../kernels/random.ts";

const of = (clusters: number[][], options = {}) => meanInterval(clusterSums(clusters), options);

describe("meanInterval", () => {
  it("is the bootstrap wherever values vary", () => {
    const clusters = [[1], [0, 1], [0], [1, 1]];
    expect(of(clusters, { seed: 3 })).to.deep.equal(bootstrapMean(clusters, { seed: 3 }));
  });

  it("stays open where all is right or all is wrong, however few cases, and counts clusters and not values", () => {
    expect(of([[1]])!.map((end) => end.toFixed(4))).to.deep.equal(["0.0250", "1.0000"]);
    expect(of([[0]])!.map((end) => end.toFixed(4))).to.deep.equal(["0.0000", "0.9750"]);
    // 0.025 to the power of 1/100: the closed form of Clopper and Pearson's end.
    const [low, high] = of(Array.from({ length: 100 }, () => [1, 1, 1]))!;
    expect(low).to.be.closeTo(0.025 ** (1 / 100), 1e-9);
    expect(high).to.equal(1);
    expect(of([[1 / 3 + 1 / 3 + 1 / 3], [1], [0.1 + 0.2 + 0.7]])).to.deep.equal(clopperPearson(3, 3));
  });

  it("is none where the values agree on anything else, or have no upper end", () => {
    expect(of([[0.5]])).to.equal(null);
    expect(of([[1, 0]])).to.equal(null);
    expect(of([[2 / 3], [2 / 3], [2 / 3]])).to.equal(null);
    expect(of([[0], [0]], { fraction: false })).to.equal(null);
    expect(of([[0.2], [0.9]], { fraction: false })).not.to.equal(null);
  });

  it("covers a rate near 1 that the bootstrap alone misses", () => {
    const stream = random(11);
    const [runs, n, rate] = [400, 20, 0.95];
    const hits = { bootstrap: 0, interval: 0 };
    for (let run = 0; run < runs; run++) {
      const clusters = Array.from({ length: n }, () => [stream.below(1000) < 1000 * rate ? 1 : 0]);
      const covers = ([low, high]: [number, number]) => Number(low <= rate && rate <= high);
      hits.bootstrap += covers(bootstrapMean(clusters, { seed: run, resamples: 500 }));
      hits.interval += covers(meanInterval(clusterSums(clusters), { seed: run, resamples: 500 })!);
    }
    // The chance of 20 right ones is 0.36: there the bootstrap says [1, 1].
    expect(hits.bootstrap / runs).to.be.below(0.72);
    expect(hits.interval / runs).to.be.above(0.92);
  });
});
