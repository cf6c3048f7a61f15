import { expect } from "chai";
import type { EditCase } from "../../../datasets/case.ts";
import { demonstrationsOf } from "../../../kernels/editors/demonstrations.ts";

const example: EditCase = {
  id: "one",
  benchmark: "b",
  split: "train",
  task: "edit-text",
  question: "which organ does velkin affect?",
  target: "halden",
  probes: [
    { kind: "reliability", question: "which organ does velkin affect?", expect: { answer: "halden" } },
    { kind: "text-generality", question: "what organ is affected by velkin?", expect: { answer: "halden" } },
    { kind: "text-locality", question: "what treats dusken?", expect: { unchanged: true, context: "orvole" } },
  ],
  meta: {},
};

describe("demonstrationsOf", () => {
  it("writes copy, paraphrase and retain sentences in the published template", () => {
    const fact = "New Fact: which organ does velkin affect? halden\n";
    expect(demonstrationsOf(example)).to.deep.equal([
      { case: "one", kind: "copy", text: `${fact}Prompt: which organ does velkin affect? halden\n\n` },
      { case: "one", kind: "paraphrase", text: `${fact}Prompt: what organ is affected by velkin? halden\n\n` },
      { case: "one", kind: "retain", text: `${fact}Prompt: what treats dusken? orvole\n\n` },
    ]);
  });

  it("leaves out what a case does not have", () => {
    const bare = { ...example, probes: example.probes.slice(0, 1) };
    expect(demonstrationsOf(bare).map(({ kind }) => kind)).to.deep.equal(["copy"]);
  });
});
