import { expect } from "chai";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";
import { random } from "../../../../kernels/random.ts";
import { cliffsDelta } from "../../../../kernels/evaluation/statistics/cliffs-delta.ts";
import { cohensH } from "../../../../kernels/evaluation/statistics/cohens-h.ts";
import { discordantOddsRatio } from "../../../../kernels/evaluation/statistics/discordant-odds-ratio.ts";
import { rankBiserial } from "../../../../kernels/evaluation/statistics/rank-biserial.ts";
import {
  pairedRiskDifference,
  unpairedRiskDifference,
} from "../../../../kernels/evaluation/statistics/risk-difference.ts";
import { wilcoxonSignedRank } from "../../../../kernels/evaluation/statistics/wilcoxon.ts";

describe("effect sizes", () => {
  it("risk difference: paired, with a width also where no pair is discordant", () => {
    const { difference, ci } = pairedRiskDifference({ onlyA: 12, onlyB: 4, n: 60 });
    expect(difference).to.be.closeTo(8 / 60, 1e-15);
    // (13 - 5) / 62 plus or minus 1.96 * sqrt((18/62 - (8/62)^2) / 62)
    const half = 1.959963985 * Math.sqrt((18 / 62 - (8 / 62) ** 2) / 62);
    expect(ci[0]).to.be.closeTo(8 / 62 - half, 1e-9);
    expect(ci[1]).to.be.closeTo(8 / 62 + half, 1e-9);
    const none = pairedRiskDifference({ onlyA: 0, onlyB: 0, n: 20 });
    expect(none.difference).to.equal(0);
    expect(none.ci[0]).to.equal(-none.ci[1]);
    expect(none.ci[1]).to.be.greaterThan(0.05);
    expect(() => pairedRiskDifference({ onlyA: 0, onlyB: 0, n: 0 })).to.throw(EmptySetError);
  });

  it("risk difference: unpaired, Newcombe's published examples", () => {
    // Newcombe 1998, table II, method 10: 56/70 - 48/80 = 0.0524 to 0.3339; 9/10 - 3/10 = 0.1705 to 0.8090.
    const first = unpairedRiskDifference({ successes: 56, n: 70 }, { successes: 48, n: 80 });
    expect(first.ci.map((end) => end.toFixed(4))).to.deep.equal(["0.0524", "0.3339"]);
    const second = unpairedRiskDifference({ successes: 9, n: 10 }, { successes: 3, n: 10 });
    expect(second.ci.map((end) => end.toFixed(4))).to.deep.equal(["0.1705", "0.8090"]);
  });

  it("odds ratio of discordant pairs: exact interval, infinite and undefined cases", () => {
    const { ratio, ci } = discordantOddsRatio(9, 3)!;
    expect(ratio).to.equal(3);
    expect(ci[0]).to.be.lessThan(1);
    expect(ci[1]).to.be.greaterThan(3);
    expect(discordantOddsRatio(4, 0)).to.have.property("ratio", Infinity);
    expect(discordantOddsRatio(4, 0)!.ci[1]).to.equal(Infinity);
    expect(discordantOddsRatio(0, 4)).to.deep.include({ ratio: 0 });
    expect(discordantOddsRatio(0, 0)).to.equal(null);
    // The interval leaves out 1 exactly where McNemar's test refuses at 5%: 5 against 0 does not, 6 against 0 does.
    expect(discordantOddsRatio(5, 0)!.ci[0]).to.be.lessThan(1);
    expect(discordantOddsRatio(6, 0)!.ci[0]).to.be.greaterThan(1);
  });

  it("Cohen's h: zero for equal shares, pi at most, Cohen's own example", () => {
    expect(cohensH(0.3, 0.3)).to.equal(0);
    expect(cohensH(1, 0)).to.be.closeTo(Math.PI, 1e-15);
    expect(cohensH(0.65, 0.45)).to.be.closeTo(0.405, 0.001);
    expect(cohensH(0.45, 0.65)).to.equal(-cohensH(0.65, 0.45));
  });

  it("matched rank-biserial: share of the rank sum in favour minus against", () => {
    expect(rankBiserial(wilcoxonSignedRank([1, 2, -3]))).to.equal(0);
    expect(rankBiserial(wilcoxonSignedRank([1, 2, 3]))).to.equal(1);
    expect(rankBiserial(wilcoxonSignedRank([0]))).to.equal(0);
  });

  it("Cliff's delta: agrees with counting every pair", () => {
    const stream = random(4);
    const [a, b] = [17, 23].map((n) => Array.from({ length: n }, () => stream.below(6)));
    const counted = a.flatMap((x) => b.map((y) => Math.sign(x - y))).reduce((sum, s) => sum + s, 0) / (17 * 23);
    expect(cliffsDelta(a, b)).to.be.closeTo(counted, 1e-15);
    expect(cliffsDelta([2, 3], [1, 1])).to.equal(1);
    expect(() => cliffsDelta([], [1])).to.throw(EmptySetError);
  });
});
