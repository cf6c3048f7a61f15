import { expect } from "chai";
import { negateQuestion } from "../../../datasets/visual-edit/negate-question.ts";

describe("negateQuestion", () => {
  const cases: [string, string | undefined][] = [
    ["Which organ is shown?", "Which organ is not shown?"],
    ["What city in Illinois is depicted in the image?", "What city in Illinois is not depicted in the image?"],
    ["What can be seen?", "What can not be seen?"],
    ["What is the organ?", undefined],
    ["What is a lobe doing?", undefined],
    ["Is the velum enlarged?", undefined],
    ["Which organ is not shown?", undefined],
    ["how many", undefined],
    ["", undefined],
  ];
  for (const [question, negated] of cases)
    it(`${JSON.stringify(question)} becomes ${negated ?? "nothing"}`, () =>
      expect(negateQuestion(question)).to.equal(negated));
});
