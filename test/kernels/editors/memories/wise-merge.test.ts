import { expect } from "chai";
import { wiseMerge, type WiseMergeMethod } from "../../../../kernels/editors/memories/wise-merge.ts";

// Two copies of a 2 x 3 weight, row by row, worked by hand.
const base = Float32Array.of(1, 1, 1, 1, 1, 1);
const first = Float32Array.of(3, 1.5, -1, 1.25, 1, 0);
const second = Float32Array.of(2, 0, 2, 1, 4, 0.5);
// Changes: [2, 0.5, -2, 0.25, 0, -1] and [1, -1, 1, 0, 3, -0.5].

const merge = (method: WiseMergeMethod, density: number, weights?: number[]) => [
  ...wiseMerge(base, [first, second], { method, density, weights }),
];

describe("wiseMerge", () => {
  it("ties: trims, elects the sign of the sum, averages what agrees", () => {
    // Half of the entries: [2, 0, -2, 0, 0, -1] and [1, -1, 0, 0, 3, 0] (of the two ones of size 1 behind 3, the first two stay).
    // Column by column: mean(2, 1), -1, -2, nothing, 3, -1.
    expect(merge("ties", 0.5)).to.deep.equal([2.5, 0, -1, 1, 4, 0]);
  });

  it("ties: the sign of the larger sum wins, and weights count in sum and mean", () => {
    // Third entry untrimmed: -2 w1 + 1 w2. Weights (0.5, 0.5) elect minus, (0.2, 0.8) plus.
    expect(merge("ties", 1)[2]).to.equal(-1);
    expect(merge("ties", 1, [0.2, 0.8])[2]).to.equal(2);
    expect(merge("ties", 1, [0.2, 0.8])[0]).to.be.closeTo(1 + 2 * 0.2 + 1 * 0.8, 1e-6);
  });

  it("sign: as ties without trimming", () => expect(merge("sign", 0.1)).to.deep.equal(merge("ties", 1)));

  it("magnitude: sums weighted changes; its normed form divides by the weights", () => {
    expect(merge("magnitude", 1, [1, 1])).to.deep.equal([4, 0.5, 0, 1.25, 4, -0.5]);
    expect(merge("magnitude-norm", 1, [1, 1])).to.deep.equal([2.5, 0.75, 0.5, 1.125, 2.5, 0.25]);
  });

  it("dare: a seed gives one merge; at density 1 it is the weighted sum, with or without election", () => {
    expect(merge("dare-linear", 1, [1, 1])).to.deep.equal(merge("magnitude", 1, [1, 1]));
    expect(merge("dare-ties", 1, [1, 1])).to.deep.equal([4, 0, -1, 1.25, 4, -0.5]);
    const long = [1, 2].map((k) => Float32Array.from({ length: 64 }, (_, i) => Math.sin(k * i)));
    const dare = (seed: number) => wiseMerge(new Float32Array(64), long, { method: "dare-ties", density: 0.5, seed });
    expect(dare(1)).to.deep.equal(dare(1));
    expect(dare(1)).not.to.deep.equal(dare(2));
  });

  it("dare: every copy has a mask of its own", () => {
    const ones = new Float32Array(64).fill(1);
    const options = { method: "dare-linear", density: 0.5, weights: [1, 1] } as const;
    expect(new Set(wiseMerge(new Float32Array(64), [ones, ones], options))).to.deep.equal(new Set([0, 1, 2]));
  });

  it("gives one shard back, and the base where nothing changed", () => {
    for (const method of ["ties", "magnitude-norm", "sign"] as const)
      expect([...wiseMerge(base, [first], { method, density: 1 })], method).to.deep.equal([...first]);
    for (const method of ["ties", "magnitude", "dare-ties", "linear", "slerp"] as const)
      expect([...wiseMerge(base, [base, base], { method })], method).to.deep.equal([...base]);
    expect(wiseMerge(base, [])).to.equal(base);
  });
});
