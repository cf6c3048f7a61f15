import { expect } from "chai";
import { noticeOf } from "../../../datasets/case.ts";
import { mmedit } from "../../../datasets/mmedit/benchmark.ts";
import { all, inScratch } from "../scratch-files.ts";
import { visualRecord } from "../visual-edit/visual-record.ts";

const train = [
  visualRecord(1, { pred: "Red", alt: "red", rephrase: "Which organ is shown?", loc: "nq question: who?" }),
  visualRecord(1, { alt: "12" }),
  visualRecord(2, { alt: "Yes" }),
];
const captions = [visualRecord(3, { src: "a photo of", alt: " a boat \n" }), visualRecord(4, { alt: "a\nboat" })];

describe("mmedit", () => {
  it("reads questions and captions, each under its split, and keeps targets as they stand", () =>
    inScratch({ "vqa/vqa_train.json": train, "caption/caption_eval_edit.json": captions }, async (folder) => {
      const questions = await all(mmedit.read({ folder, split: "train" }));
      expect(questions).to.have.lengthOf(3);
      expect(questions.map(noticeOf), "its targets are right").to.deep.equal([undefined, undefined, undefined]);
      const reading = mmedit.read({ folder, split: "caption-eval" });
      expect((await all(reading)).map(({ target }) => target)).to.deep.equal([" a boat \n", "a\nboat"]);
      expect(reading.notes).to.deep.include({ reason: "the target has surrounding spaces, kept", count: 1 });
    }));

  it("validates with the published counts as expected ones", () =>
    inScratch(
      { "vqa/vqa_train.json": train, "vqa/vqa_eval.json": train.slice(1), "caption/caption_eval_edit.json": captions },
      async (folder) => {
        const { checks, verdict, reasons } = await mmedit.validate(folder);
        const of = (id: string) =>
          checks.filter((check) => check.id === id).map(({ found, expected }) => [found, expected])[0];
        expect(of("records/train")).to.deep.equal([3, 6345]);
        expect(of("target-is-answer-folded/train")).to.deep.equal([1, 6]);
        expect(of("rephrase-is-question/train")).to.deep.equal([1, 117]);
        expect(of("repeated/train")).to.deep.equal([1, 2]);
        expect(of("conflicting/train")).to.deep.equal([1, undefined]);
        expect(of("numeric-target/train")).to.deep.equal([1, 1129]);
        expect(of("yes-target/eval")).to.deep.equal([1, 178]);
        expect(of("locality-from-nq/train")).to.deep.equal([1, 6345]);
        expect(of("target-untidy/caption-eval")).to.deep.equal([1, 144]);
        expect(of("broken-target/caption-eval")).to.deep.equal([2, 2]);
        expect(of("shared-images")).to.deep.equal([2, 845]);
        expect(verdict).to.equal("usable, another set than the published one");
        expect(reasons[0]).to.contain("no published count is held against them");
      },
    ));
});
