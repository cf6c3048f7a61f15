import { expect } from "chai";
import { ngramCounts, ngramEntropy, officialEntropy } from "../../../../kernels/evaluation/fluency/ngram-entropy.ts";

const words = (text: string) => text.split(" ");

describe("ngramEntropy", () => {
  it("weighs trigrams twice", () => {
    const tokens = words("the cat sat on the mat the cat sat");
    expect(ngramCounts(tokens, 2).entropy).to.be.closeTo(2.5, 1e-12);
    expect(ngramCounts(tokens, 3).entropy).to.be.closeTo(2.52164064, 1e-8);
    expect(ngramEntropy(tokens)).to.be.closeTo(2.51442709, 1e-8);
    expect(ngramEntropy(words("a b a b a b c"))).to.be.closeTo(1.50100137, 1e-8);
  });
  it("is 0 for one thing over and over", () => expect(ngramEntropy(words("x x x x"))).to.equal(0));
  it("is undefined below three tokens, where the published code says 0", () => {
    expect(ngramEntropy(words("a b"))).to.equal(null);
    expect(officialEntropy(words("a b"))).to.equal(0);
  });
  it("does not take tokens with the same joined text for the same", () =>
    expect(ngramCounts(["a b", "c", "a", "b c"], 2).distinct).to.equal(3));
});
