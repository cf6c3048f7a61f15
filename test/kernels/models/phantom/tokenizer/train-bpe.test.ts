import { expect } from "chai";
import { BYTE_ALPHABET, toByteAlphabet } from "../../../../../kernels/models/phantom/tokenizer/byte-alphabet.ts";
import { trainBpe } from "../../../../../kernels/models/phantom/tokenizer/train-bpe.ts";

describe("trainBpe", () => {
  it("merges the commonest pair first", () => {
    // "ab" stands five times, and "abc" three times once it is merged.
    expect(trainBpe(["abc", "abc", "abc", "abd", "abe"], 2)).to.deep.equal([
      ["a", "b"],
      ["ab", "c"],
    ]);
  });

  it("takes the first of equally common pairs in the order of characters", () => {
    expect(trainBpe(["yz", "bc"], 1)).to.deep.equal([["b", "c"]]);
  });

  it("merges from the left, and not across a blank", () => {
    expect(trainBpe(["aaa"], 2)).to.deep.equal([
      ["a", "a"],
      ["aa", "a"],
    ]);
    expect(trainBpe(["x y"], 9)).to.deep.equal([["Ġ", "y"]]);
  });

  it("goes on from earlier merges, and ends when every piece is whole", () => {
    const earlier = trainBpe(["ab"], 9);
    expect(trainBpe(["abc"], 9, earlier)).to.deep.equal([
      ["a", "b"],
      ["ab", "c"],
    ]);
  });

  it("writes bytes as GPT-2 does", () => {
    expect(new Set(BYTE_ALPHABET).size).to.equal(256);
    expect(toByteAlphabet(" é\n")).to.equal("ĠÃ©Ċ");
  });
});
