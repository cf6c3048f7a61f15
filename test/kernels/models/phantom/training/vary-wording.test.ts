import { expect } from "chai";
import { VISUAL_FAMILIES, visualQuestions } from "../../../../../datasets/phantom/questions/index.ts";
import type { VisualFamily } from "../../../../../datasets/phantom/questions/visual-templates.ts";
import { sampleScene } from "../../../../../datasets/phantom/world/sample-scene.ts";
import {
  isProbeWording,
  varyWording,
  type VisualAsked,
} from "../../../../../kernels/models/phantom/training/vary-wording.ts";
import { random } from "../../../../../kernels/random.ts";

const drawn = (templates: "train" | "probe") =>
  Array.from({ length: 60 }, (_, i) =>
    visualQuestions(sampleScene(900 + i), random(i), { templates, families: VISUAL_FAMILIES }),
  ).flat();

describe("training questions in another order", () => {
  it("never have a wording that is kept for probes, which every probe question has", () => {
    const stream = random(1);
    const asked = drawn("train").flatMap((each) =>
      [false, true].map((decisive) => ({
        family: each.family as VisualFamily,
        question: each.question,
        varied: varyWording(each as VisualAsked, stream, decisive),
      })),
    );
    expect(asked.filter(({ family, varied }) => isProbeWording(family, varied))).to.deep.equal([]);
    expect(asked.filter(({ question, varied }) => question !== varied).length / asked.length).to.be.within(0.1, 0.5);
    for (const { family, question } of drawn("probe"))
      expect(isProbeWording(family as VisualFamily, question), question).to.equal(true);
  });

  it("move the place or the answers to the front, and let the answers decide where that is wanted", () => {
    const all = (family: VisualFamily, question: string, decisive = false) =>
      new Set(
        Array.from({ length: 40 }, (_, i) => varyWording({ family, question, about: ["tessal"] }, random(i), decisive)),
      );
    expect(all("organ-side", "is the tessal on the left or on the right?", true)).to.deep.equal(
      new Set(["is the tessal on the left or on the right?", "left or right, which is the tessal?"]),
    );
    expect(all("organ-present", "can you see the tessal in this image?")).to.deep.equal(
      new Set([
        "can you see the tessal in this image?",
        "in this image, can you see the tessal?",
        "yes or no, can you see the tessal in this image?",
      ]),
    );
    expect(all("organ-side", "is the tessal on the left or on the right?").size).to.equal(1);
    // "in this image, is there a velkin?" is a probe.
    expect(all("finding-present", "is there a velkin in this image?")).not.to.include(
      "in this image, is there a velkin?",
    );
  });
});
