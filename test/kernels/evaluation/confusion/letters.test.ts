import { expect } from "chai";
import { type Choice, chooseOption } from "../../../../kernels/evaluation/confusion/choice.ts";
import { matchOption } from "../../../../kernels/evaluation/confusion/match-option.ts";
import { parseLetter } from "../../../../kernels/evaluation/confusion/parse-letter.ts";
import { readLetter } from "../../../../kernels/evaluation/confusion/read-letter.ts";

const official = (reply: string | null): Choice => chooseOption(parseLetter(reply));
const corrected = (reply: string | null, options?: [string, string]): Choice =>
  chooseOption(readLetter(reply, options));

describe("parseLetter", () => {
  const replies: Record<Choice, (string | null)[]> = {
    A: ["A", "A.", "A:", ".A", '("A")', 'A")', "Answer: A", "Option A: yes", "\nA\n", "A brain MRI"],
    B: ["B\n", "The answer is B.", '("B": foo'],
    "-": [
      ...["A)", "(A)", "a", "**A**", "A,", '"A"', "Answer:A", "A B", "A\nB", "A: x B: y", "A brain MRI shows B", ""],
      null,
    ],
  };
  for (const [choice, said] of Object.entries(replies))
    it(`takes as ${choice}: ${said.map((reply) => JSON.stringify(reply)).join(", ")}`, () => {
      for (const reply of said) expect(official(reply), String(reply)).to.equal(choice);
    });
});

describe("readLetter", () => {
  const cases: [string | null, Choice][] = [
    ["A", "A"],
    ["b", "B"],
    ["**A**", "A"],
    ["(A)", "A"],
    ["A)", "A"],
    ["Answer:A", "A"],
    ["Answer: A, because", "A"],
    ["I think B", "B"],
    ["The answer is (B).", "B"],
    ['("B": foo', "B"],
    ["A brain MRI", "-"],
    ["Group B streptococcus", "-"],
    ["A brain MRI, not B", "-"],
    ["It is B, not A.", "B"],
    ["B rather than A", "-"],
    ["A B", "-"],
    ["A/B", "-"],
    ["A or B", "-"],
    ["A: x B: y", "-"],
    ["None of these", "-"],
    ["", "-"],
    [null, "-"],
  ];
  for (const [reply, choice] of cases)
    it(`${JSON.stringify(reply)} is ${choice}`, () => expect(corrected(reply)).to.equal(choice));

  it("takes the text of one option for its letter", () => {
    expect(corrected("On the right.", ["left", "on the right"])).to.equal("B");
    expect(corrected("below", ["left", "on the right"])).to.equal("-");
    expect(corrected("same", ["same", "Same."])).to.equal("-");
  });
});

describe("matchOption", () => {
  const match = (reply: string, ...options: [string, string]) => chooseOption(matchOption(reply, options));

  it("takes the option that is said, alone or in a sentence", () => {
    expect(match("The left lung.", "left lung", "right lung")).to.equal("A");
    expect(match("It lies in the right lung, below.", "left lung", "right lung")).to.equal("B");
  });
  it("takes an option that contains the other one when it is said exactly", () =>
    expect(match("left lung", "lung", "left lung")).to.equal("B"));
  it("takes yes and no for the options that begin so", () =>
    expect(match("No, nothing.", "Yes, there is one", "No, there is none")).to.equal("B"));
  it("takes nothing that says both, neither or nothing", () => {
    expect(match("left lung or right lung", "left lung", "right lung")).to.equal("-");
    expect(match("liver", "left lung", "right lung")).to.equal("-");
    expect(match("", "left lung", "right lung")).to.equal("-");
  });
  it("does not find an option inside a word", () => expect(match("nothing", "no", "yes")).to.equal("-"));
});
