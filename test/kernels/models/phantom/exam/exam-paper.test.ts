import { expect } from "chai";
import { FACTS } from "../../../../../datasets/phantom/knowledge/index.ts";
import { isComposedTrained } from "../../../../../datasets/phantom/questions/index.ts";
import { MODALITIES } from "../../../../../datasets/phantom/world/vocabulary.ts";
import { examPaper } from "../../../../../kernels/models/phantom/exam/exam-paper.ts";
import { EXAM_GROUPS } from "../../../../../kernels/models/phantom/exam/exam-question.ts";
import type { ExamGroup } from "../../../../../kernels/models/phantom/exam/exam-question.ts";
import { questionOnly } from "../../../../../kernels/models/phantom/exam/question-only.ts";
import { isProbeWording } from "../../../../../kernels/models/phantom/training/vary-wording.ts";

const IMAGES = 60;
const paper = examPaper(1, IMAGES);
const of = (group: ExamGroup) => paper.filter((each) => each.group === group);

describe("the exam of the phantom model", () => {
  it("is the same for one seed, has every group, and shows each modality equally often", () => {
    expect(examPaper(1, IMAGES)).to.deep.equal(paper);
    expect(new Set(paper.map(({ group }) => group))).to.deep.equal(new Set(Object.keys(EXAM_GROUPS)));
    const scenes = new Set(of("visual").map(({ scene }) => scene!));
    for (const modality of MODALITIES)
      expect([...scenes].filter((scene) => scene.modality === modality)).to.have.length(IMAGES / MODALITIES.length);
  });

  it("asks in the wordings that each group names", () => {
    const probes = (group: ExamGroup) =>
      of(group).filter(({ family, question }) => isProbeWording(family as never, question)).length;
    expect(probes("visual")).to.equal(of("visual").length);
    expect(probes("visual-train-wording")).to.equal(0);
    const training = new Set(of("fact-train-wording").map(({ question }) => question));
    expect(of("fact").filter(({ question }) => training.has(question))).to.deep.equal([]);
  });

  it("asks every fact, and longer paths apart by whether their head was asked about in training", () => {
    for (const group of ["fact", "fact-train-wording", "claim"] as const)
      expect(of(group)).to.have.length(FACTS.length);
    for (const group of ["text-2", "seen-2"] as const) {
      expect(of(group).every(({ about }) => isComposedTrained(about[0]))).to.equal(true);
      expect(of(`${group}-held-out`).some(({ about }) => isComposedTrained(about[0]))).to.equal(false);
    }
  });

  it("asks the visual questions once more with an image of another modality", () => {
    const shuffled = of("visual-shuffled");
    expect(shuffled.map(({ question, answer }) => [question, answer])).to.deep.equal(
      of("visual").map(({ question, answer }) => [question, answer]),
    );
    of("visual").forEach(({ scene }, i) => expect(shuffled[i].scene!.modality).not.to.equal(scene!.modality));
  });

  it("is answered without images as often as the commonest answers come, which is far from always", () => {
    const guess = questionOnly(1);
    const visual = of("visual");
    const right = visual.filter(({ family, about, answer }) => guess(family, about) === answer).length / visual.length;
    expect(right).to.be.within(0.3, 0.55);
    expect(guess("modality", [])).to.be.oneOf([...MODALITIES]);
    expect(guess("no such family", [])).to.equal(undefined);
  });
});
