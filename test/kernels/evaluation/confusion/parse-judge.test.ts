import { expect } from "chai";
import { chooseOption } from "../../../../kernels/evaluation/confusion/choice.ts";
import { JudgeReplyError, parseJudge, readJudge } from "../../../../kernels/evaluation/confusion/parse-judge.ts";

const raises = (reply: string) => {
  try {
    return parseJudge(reply);
  } catch (error) {
    expect(error).to.be.instanceOf(JudgeReplyError);
    return (error as JudgeReplyError).official;
  }
};

describe("parseJudge", () => {
  it("reads three lines", () =>
    expect(parseJudge("A: 8\nB: 3\nYour explanation: foo")).to.deep.equal({ scores: { A: 8, B: 3 }, reason: "foo" }));
  it("refuses what ends the published run, with the name that the published code gives it", () => {
    expect(["A: 8/10\nB: 3\nz", "**A: 8**\nB: 2\nq", "A:8\nB:3\ns", "A: 9\n\n\nB: 2\nr"].map(raises)).to.deep.equal(
      Array(4).fill("ValueError"),
    );
    expect(["A: 8\nB: 3", "A: 8"].map(raises)).to.deep.equal(["IndexError", "IndexError"]);
  });
});

describe("readJudge", () => {
  const scores = (reply: string | null) => readJudge(reply).scores;
  it("reads the same as the published rule where that reads", () =>
    expect(readJudge("A: 8\n\nB: 3\n\nYour explanation: foo")).to.deep.equal(
      parseJudge("A: 8\n\nB: 3\n\nYour explanation: foo"),
    ));
  it("reads fractions, emphasis, any order and replies without explanation", () => {
    for (const reply of ["A: 8/10\nB: 3\nz", "**A: 8**\n**B: 3**", "B:3\nA:8", "Option A: 8\nOption B: 3."])
      expect(scores(reply), reply).to.deep.equal({ A: 8, B: 3 });
  });
  it("takes a slip for no choice", () => {
    for (const reply of ["A: 8", "A: 8\nA: 2\nB: 3", "A: -1\nB: 9", "A: eight\nB: 3", "both are close", "", null])
      expect(chooseOption(scores(reply)), String(reply)).to.equal("-");
  });
});

describe("chooseOption", () => {
  it("asks for a lead of three", () => {
    expect([chooseOption({ A: 7, B: 4 }), chooseOption({ A: 7, B: 5 }), chooseOption({ A: 5, B: 8 })]).to.deep.equal([
      "A",
      "-",
      "B",
    ]);
  });
  it("gives a tie to A where no lead is asked for", () => expect(chooseOption({ A: 6, B: 6 }, 0)).to.equal("A"));
});
