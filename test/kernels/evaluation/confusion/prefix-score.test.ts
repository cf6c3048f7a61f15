import { expect } from "chai";
import {
  choosePrefix,
  likelihood,
  OptionSpanError,
  optionStart,
  prefixScore,
} from "../../../../kernels/evaluation/confusion/prefix-score.ts";
import { greedyLetter } from "../../../../kernels/evaluation/confusion/greedy-letter.ts";
import { EmptySetError } from "../../../../kernels/evaluation/empty-set-error.ts";

describe("prefixScore", () => {
  // The three rows predict the three tokens of the option, which follow one token of prompt.
  const input = {
    ids: [9, 0, 1, 3],
    answer: [0, 1, 3],
    logits: [
      [2, 1, 0, -1],
      [0, 3, 1, 0],
      [1, 0, 0, 2],
    ],
  };
  it("official reads every token from the first row, corrected each from its own", () => {
    expect(prefixScore(input, "official")).to.be.closeTo(0.16973394, 1e-7);
    expect(prefixScore(input, "corrected")).to.be.closeTo(0.68272281, 1e-7);
  });
  it("is the geometric mean of the probabilities", () =>
    expect(likelihood([Math.log(0.5), Math.log(0.125)])).to.be.closeTo(0.25, 1e-12));
  it("takes the last occurrence of the option, never the beginning of the sequence", () => {
    expect(optionStart({ ids: [1, 4, 1, 4], answer: [1, 4] })).to.equal(2);
    expect(() => optionStart({ ids: [1, 4], answer: [1, 4] })).to.throw(OptionSpanError, "[1 4]");
    expect(() => optionStart({ ids: [1, 4], answer: [] })).to.throw(EmptySetError);
  });
  it("gives a tie to B, and greedy letters give it to A", () => {
    expect([choosePrefix(0.5, 0.5), choosePrefix(0.6, 0.5)]).to.deep.equal(["B", "A"]);
    expect([greedyLetter(-1, -1), greedyLetter(-2, -1)]).to.deep.equal(["A", "B"]);
  });
});
