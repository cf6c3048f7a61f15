import { expect } from "chai";
import { sameAnswer, sameMean, sameSum } from "../../../../kernels/editors/memories/label-match.ts";

const row = [-100, -100, 5, 9];

describe("label comparisons", () => {
  it("sameAnswer: ids in order, whatever the prompt's length", () => {
    expect(sameAnswer(row, [-100, 5, 9])).to.equal(true);
    for (const other of [
      [-100, -100, 9, 5],
      [-100, -100, 6, 8],
      [-100, -100, 5],
      [-100, -100, 5, 9, 0],
    ])
      expect(sameAnswer(row, other), String(other)).to.equal(false);
  });

  it("sameMean: any row of one mean, -100 included", () => {
    expect(sameMean(row, [-100, -100, 6, 8])).to.equal(true);
    expect(sameMean(row, [...row, ...row])).to.equal(true);
    expect(sameMean(row, [-100, 5, 9])).to.equal(false);
  });

  it("sameSum: any answer of one sum, whatever the prompt's length", () => {
    expect(sameSum(row, [-100, 8, 6])).to.equal(true);
    expect(sameSum(row, [-100, 14])).to.equal(true);
    expect(sameSum(row, [-100, 5, 8])).to.equal(false);
  });
});
