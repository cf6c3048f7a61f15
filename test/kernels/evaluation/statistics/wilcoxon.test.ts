import { expect } from "chai";
import { random } from "../../../../kernels/random.ts";
import { wilcoxonSignedRank } from "../../../../kernels/evaluation/statistics/wilcoxon.ts";

/** Gives every difference both signs and counts the rank sums at least as far from the middle; ranks by counting, not sorting. */
function enumerated(differences: number[]): number {
  const sizes = differences.filter((d) => d !== 0).map(Math.abs);
  const signs = differences.filter((d) => d !== 0).map((d) => d > 0);
  const ranks = sizes.map(
    (size) => sizes.filter((s) => s < size).length + (sizes.filter((s) => s === size).length + 1) / 2,
  );
  const middle = ranks.reduce((a, b) => a + b, 0) / 2;
  const off = (chosen: (i: number) => boolean) =>
    Math.abs(ranks.reduce((sum, rank, i) => sum + (chosen(i) ? rank : 0), 0) - middle);
  const observed = off((i) => signs[i]);
  let asFar = 0;
  for (let way = 0; way < 2 ** ranks.length; way++) if (off((i) => ((way >> i) & 1) === 1) >= observed - 1e-9) asFar++;
  return asFar / 2 ** ranks.length;
}

const upTo = (n: number, negatives: number[]) =>
  Array.from({ length: n }, (_, i) => (negatives.includes(i + 1) ? -(i + 1) : i + 1));

describe("wilcoxonSignedRank", () => {
  it("agrees with the enumeration of all signs, with and without ties and zeros", () => {
    const stream = random(11);
    for (let trial = 0; trial < 40; trial++) {
      const n = 1 + stream.below(11);
      const coarse = trial % 2 === 0;
      const values = Array.from({ length: n }, () => (coarse ? (stream.below(9) - 4) / 4 : stream.between(-1, 1.5)));
      const { p, method, zeros } = wilcoxonSignedRank(values);
      expect(method).to.equal("exact");
      expect(zeros).to.equal(values.filter((v) => v === 0).length);
      expect(p).to.be.closeTo(enumerated(values), 1e-12);
    }
  });

  it("has the published two-sided 5% critical values", () => {
    // Smaller rank sum W at which p first falls to 5%: n = 6: 0, n = 8: 3, n = 10: 8, n = 20: 52, n = 25: 89.
    for (const [n, critical] of [
      [6, 0],
      [8, 3],
      [10, 8],
      [20, 52],
      [25, 89],
    ]) {
      expect(wilcoxonSignedRank(upTo(n, ranksWithSum(n, critical))).p, `n ${n}`).to.be.at.most(0.05);
      expect(wilcoxonSignedRank(upTo(n, ranksWithSum(n, critical + 1))).p, `n ${n}`).to.be.greaterThan(0.05);
    }
  });

  it("reports rank sums and counts what it leaves out", () => {
    const { plus, minus, n, zeros } = wilcoxonSignedRank([0, 1, -2, 2, 0]);
    expect({ plus, minus, n, zeros }).to.deep.equal({ plus: 3.5, minus: 2.5, n: 3, zeros: 2 });
  });

  it("takes fractions that differ in their last bit only for equal, and rounding for zero", () => {
    const third = wilcoxonSignedRank([1 - 2 / 3, -(2 / 3 - 1 / 3), 0.1 + 0.2 - 0.3]);
    expect(third).to.include({ plus: 1.5, minus: 1.5, n: 2, zeros: 1, p: 1 });
  });

  it("approximates: beyond the limit p is close to the exact one, with ties too", () => {
    const stream = random(3);
    for (const steps of [5, 1000]) {
      const values = Array.from({ length: 150 }, () => (stream.below(2 * steps + 1) - steps + steps / 6) / steps);
      const exact = wilcoxonSignedRank(values);
      const normal = wilcoxonSignedRank(values, { exactUpTo: 100 });
      expect(normal.method).to.equal("normal");
      expect(normal.p).to.be.closeTo(exact.p, 0.003);
    }
  });

  it("is 1 without a difference, and refuses what is no number", () => {
    expect(wilcoxonSignedRank([0, 0])).to.deep.equal({ plus: 0, minus: 0, n: 0, zeros: 2, p: 1, method: "exact" });
    expect(wilcoxonSignedRank([]).p).to.equal(1);
    expect(() => wilcoxonSignedRank([1, NaN])).to.throw(RangeError);
  });
});

/** Different ranks out of 1..n that add up to `sum`, largest first. */
function ranksWithSum(n: number, sum: number): number[] {
  const chosen: number[] = [];
  for (let rank = n; rank >= 1; rank--)
    if (rank <= sum) {
      chosen.push(rank);
      sum -= rank;
    }
  return chosen;
}
