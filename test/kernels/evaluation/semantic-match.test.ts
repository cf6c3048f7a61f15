import { expect } from "chai";
import { optionsOf, semanticMatch } from "../../../kernels/evaluation/semantic-match.ts";

const options = { A: "left lung", B: "right lung" };
const synonyms = [["chest radiograph", "chest x-ray", "CXR"]];

describe("semanticMatch", () => {
  const same: [string, string, Parameters<typeof semanticMatch>[2]?][] = [
    ["The answer is: left lung.", "Left lung"],
    ["It is a Chest X-ray.", "cxr", { synonyms }],
    ["B", "right lung", { options }],
    ["(b)", "right lung", { options }],
    ["B: right lung", "right lung", { options }],
    ["right lung", "B", { options }],
    ["Two", "2"],
    ["Yes, it does.", "yes"],
    ["", ""],
  ];
  for (const [answer, wanted, rules] of same)
    it(`takes "${answer}" for "${wanted}"`, () => expect(semanticMatch(answer, wanted, rules)).to.equal(true));

  const other: [string, string, Parameters<typeof semanticMatch>[2]?][] = [
    ["left lung", "right lung", { options, synonyms }],
    ["A", "right lung", { options }],
    ["B: left lung", "right lung", { options }],
    ["B", "right lung"],
    ["chest x-ray", "ct", { synonyms }],
    ["no", "yes"],
    ["", "left lung"],
    ["not the left lung", "left lung"],
  ];
  for (const [answer, wanted, rules] of other)
    it(`does not take "${answer}" for "${wanted}"`, () => expect(semanticMatch(answer, wanted, rules)).to.equal(false));
});

describe("optionsOf", () => {
  it("reads the options of a question", () => {
    expect(optionsOf("Which side? A: left lung\nB: right lung")).to.deep.equal(options);
    expect(optionsOf("Which side? (A) left lung, (B) right lung")).to.deep.equal(options);
  });
  it("finds none where none are", () => {
    expect(optionsOf("Is this a CT scan?")).to.deep.equal({});
    expect(optionsOf("Hepatitis A: is it seen?")).to.deep.equal({});
  });
});
