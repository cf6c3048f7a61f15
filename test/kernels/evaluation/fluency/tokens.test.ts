import { expect } from "chai";
import { splitSentences } from "../../../../kernels/evaluation/fluency/split-sentences.ts";
import { treebankTokens } from "../../../../kernels/evaluation/fluency/treebank-tokens.ts";
import { wordTokens } from "../../../../kernels/evaluation/fluency/word-tokens.ts";

// A small language: two abbreviations, one word that begins sentences, and contexts as bits (2 begin upper, 4 middle upper, 16 begin lower, 32 middle lower).
const small = {
  abbreviations: new Set(["dr", "cf"]),
  sentenceStarters: new Set(["the"]),
  contexts: new Map([
    ["lesions", 2 | 32],
    ["smith", 2 | 4],
    ["of", 16 | 32],
  ]),
};
const sentences = (text: string) => splitSentences(text, small);

describe("splitSentences", () => {
  it("splits at marks that something follows", () =>
    expect(sentences("One? Two! Three.\n\nFour")).to.deep.equal(["One?", "Two!", "Three.", "Four"]));
  it("goes on after an abbreviation, unless what follows begins a sentence", () => {
    expect(sentences("See Dr. Smith now.")).to.deep.equal(["See Dr. Smith now."]);
    expect(sentences("See cf. The rest.")).to.deep.equal(["See cf.", "The rest."]);
    // Known in lower case and never with a capital inside a sentence, so the capital marks a beginning.
    expect(sentences("See cf. Lesions grow.")).to.deep.equal(["See cf.", "Lesions grow."]);
  });
  it("goes on after an initial, and after a number before a small letter", () => {
    expect(sentences("By J. Smith today.")).to.deep.equal(["By J. Smith today."]);
    expect(sentences("It was 5. xyz grew.")).to.deep.equal(["It was 5. xyz grew."]);
    expect(sentences("It was 5. Xyz grew.")).to.deep.equal(["It was 5.", "Xyz grew."]);
  });
  it("keeps closing quotes and brackets with their sentence", () =>
    expect(sentences('He said "no." Then (so.) left')).to.deep.equal(['He said "no."', "Then (so.)", "left"]));
  it("keeps an ellipsis inside", () => expect(sentences("well... of course")).to.deep.equal(["well... of course"]));
  it("of nothing there are none", () => expect(sentences(" \n")).to.deep.equal([]));
});

describe("treebankTokens", () => {
  const tokens = (sentence: string) => treebankTokens(sentence).join(" ");
  it("splits contractions", () =>
    expect(tokens("They'd've cannot, it isn't John's.")).to.equal("They'd 've can not , it is n't John 's ."));
  it("turns quotes by their side", () => expect(tokens("\"a\" (''b'')")).to.equal("`` a '' ( `` b '' )"));
  it("leaves commas and colons in numbers", () =>
    expect(tokens("1,000 at 3:30, so: yes")).to.equal("1,000 at 3:30 , so : yes"));
  it("takes the last period alone", () => expect(tokens("e.g. 1.5 mm.")).to.equal("e.g. 1.5 mm ."));
});

describe("wordTokens", () => {
  it("has the English parameters", async () => {
    expect(await wordTokens("Mr. Lee left. Ms. Ray came at 5 p.m. on Jan. 3.")).to.deep.equal(
      "Mr. Lee left . Ms. Ray came at 5 p.m. on Jan. 3 .".split(" "),
    );
  });
});
