import { expect } from "chai";
import { compareProbe } from "../../../kernels/evaluation/compare-probe.ts";

const image = { id: "a.jpg", path: "/secret/a.jpg" };
const seen = (answer: string, argmax: number[], logprob: number, shown = answer) => {
  const score = { ids: [1, 2], argmax, logprobs: [logprob, logprob] };
  return { answer, score, shown: { text: shown, score } };
};

describe("compareProbe", () => {
  it("compares a wanted answer with the target, after normalisation", () => {
    const got = compareProbe(
      { kind: "reliability", image, question: "Q?", expect: { answer: "Right lung" } },
      seen("left lung", [9, 2], -3, "Right lung"),
      seen("the right lung.", [1, 2], -0.5, "Right lung"),
    );
    expect(got).to.deep.equal({
      kind: "reliability",
      image: "a.jpg",
      question: "Q?",
      before: "left lung",
      after: "the right lung.",
      expected: "Right lung",
      pass: true,
      pass_before: false,
      scored: "Right lung",
      logprob_before: -3,
      logprob_after: -0.5,
      tf_before: 0.5,
      tf_after: 1,
    });
  });

  it("compares a locality answer with the model's own, right or wrong, and shows how likely that answer stays", () => {
    const probe = {
      kind: "image-locality",
      name: "same-question",
      image,
      question: "Q?",
      expect: { unchanged: true, context: "axial plane" },
    } as const;
    const kept = compareProbe(probe, seen("nonsense", [7, 8], -3), seen("Nonsense", [7, 8], -3));
    expect([kept.expected, kept.scored, kept.pass, kept.pass_before, kept.tf_before, kept.tf_after]).to.deep.equal([
      "nonsense",
      "nonsense",
      true,
      true,
      1,
      1,
    ]);
    const moved = compareProbe(probe, seen("nonsense", [7, 8], -3), seen("axial plane", [7, 2], -1));
    expect([moved.pass, moved.tf_after]).to.deep.equal([false, 0.5]);
  });

  it("never stores a path", () =>
    expect(
      JSON.stringify(
        compareProbe(
          { kind: "reliability", image, question: "Q?", expect: { answer: "x" } },
          seen("a", [1, 2], -1),
          seen("b", [1, 2], -1),
        ),
      ),
    ).not.to.contain("secret"));
});
