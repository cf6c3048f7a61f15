import { expect } from "chai";
import { drawTopK } from "../../../kernels/models/top-k-sampling.ts";
import { random } from "../../../kernels/random.ts";

describe("drawTopK", () => {
  const row = Float32Array.of(0, Math.log(6), Math.log(3), -5, Math.log(1));

  it("draws the k most likely tokens by their renormalised probabilities", () => {
    const stream = random(1);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 9000; i++) counts[drawTopK(row, 2, stream)]++;
    // 6 to 3 among the two; the expected 6,000 has a standard deviation of 45.
    expect(counts[1]).to.be.within(5800, 6200);
    expect(counts[1] + counts[2]).to.equal(9000);
  });
  it("is greedy with k = 1, first of equal ones", () =>
    expect(drawTopK(Float32Array.of(1, 2, 2), 1, random(0))).to.equal(1));
  it("repeats with its seed", () => {
    const draws = (seed: number) => {
      const stream = random(seed);
      return Array.from({ length: 20 }, () => drawTopK(row, 5, stream));
    };
    expect(draws(7)).to.deep.equal(draws(7));
    expect(draws(7)).not.to.deep.equal(draws(8));
  });
});
