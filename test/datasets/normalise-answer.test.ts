import { expect } from "chai";
import fc from "fast-check";
import { normaliseAnswer, sameAnswer } from "../../datasets/normalise-answer.ts";

describe("normaliseAnswer", () => {
  const cases: [string, string][] = [
    ["Yes", "yes"],
    ["  The left lung. ", "left lung"],
    ["X-Ray", "x ray"],
    ["superficial to the patient's skin", "superficial to patients skin"],
    ["Respiratory \tcardia c\tmusculoskeletal", "respiratory cardia c musculoskeletal"],
    ["A", "a"],
    ["An apple and a theatre", "apple and theatre"],
    ["?", "?"],
    ["", ""],
    ["ﬂair", "flair"],
  ];
  for (const [raw, expected] of cases)
    it(`turns ${JSON.stringify(raw)} into ${JSON.stringify(expected)}`, () =>
      expect(normaliseAnswer(raw)).to.equal(expected));

  it("never maps a non-blank answer to the empty string", () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (s) => s.normalize("NFKC").trim() === "" || normaliseAnswer(s) !== ""),
    ));

  it("gives the same result when it is applied twice", () =>
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("the", "a", "Left", "lung.", "-", "3.5", "cm", "'s", "?"), { maxLength: 6 }),
        (words) => {
          const once = normaliseAnswer(words.join(" "));
          expect(normaliseAnswer(once)).to.equal(once);
        },
      ),
    ));

  it("tells different answers apart", () => {
    expect(sameAnswer("right", "left")).to.equal(false);
    expect(sameAnswer("Axial.", "axial")).to.equal(true);
    expect(sameAnswer("", "yes")).to.equal(false);
  });
});
