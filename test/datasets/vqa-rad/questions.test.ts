import { expect } from "chai";
import { readVqaRadQuestions } from "../../../datasets/vqa-rad/questions.ts";
import { validateVqaRad } from "../../../datasets/vqa-rad/validate.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { all, failure, inScratch } from "../scratch-files.ts";
import { publishedRecord } from "./scratch-split.ts";

const FILES = {
  "trainset.json": [
    publishedRecord(1, { image_name: "a.jpg" }),
    publishedRecord(2, { image_name: "b.jpg", answer: 4, answer_type: "CLOSED " }),
    publishedRecord(3, { image_name: "b.jpg", answer: "" }),
  ],
  "testset.json": [publishedRecord(4, { image_name: "a.jpg", phrase_type: "para" })],
  "images/b.jpg": "",
};

describe("readVqaRadQuestions", () => {
  it("gives questions with answers, repaired as the notes say", () =>
    inScratch(FILES, async (folder) => {
      const reading = readVqaRadQuestions({ folder });
      const [one, two] = await all(reading);
      expect(one).to.deep.include({
        id: "vqa-rad-1",
        split: "train",
        answer: "yes",
        closed: true,
        lang: "en",
        organ: "HEAD",
        modality: "MRI",
        questionType: "PRES",
      });
      expect(two).to.deep.include({ answer: "4", closed: true, meta: { qid: "2", phrase_type: "freeform" } });
      expect(reading.skipped).to.deep.equal([{ reason: "the answer is empty", count: 1 }]);
      expect(reading.notes).to.deep.include({ reason: "the image file is missing", count: 1 });
    }));

  it("leaves out of the image-disjoint train what test shows", () =>
    inScratch(FILES, async (folder) => {
      const reading = readVqaRadQuestions({ folder, split: "train-image-disjoint" });
      expect((await all(reading)).map(({ id, split }) => [id, split])).to.deep.equal([
        ["vqa-rad-2", "train-image-disjoint"],
      ]);
      expect(reading.skipped).to.deep.include({ reason: "no part of train-image-disjoint", count: 1 });
    }));

  it("refuses image names with a folder in them, and languages it has not", () =>
    inScratch({ ...FILES, "trainset.json": [publishedRecord(1, { image_name: "../a.jpg" })] }, async (folder) => {
      expect((await failure(all(readVqaRadQuestions({ folder })))).message).to.include('field "image_name"');
      expect(() => readVqaRadQuestions({ folder, lang: "zh" })).to.throw(/unknown vqa-rad language "zh"/);
    }));
});

describeWithShared("vqa-rad, the published files", ["data/vqa-rad/trainset.json", "data/vqa-rad/testset.json"], () => {
  const folder = shared("data/vqa-rad");

  it("has every published count and every image", async function () {
    this.timeout(60_000);
    const report = await validateVqaRad(folder);
    const found = Object.fromEntries(report.checks.map(({ id, found }) => [id, found]));
    expect(found).to.include({
      "records/train": 3064,
      "records/test": 451,
      "closed/train": 1823,
      "answer-type-untidy/train": 2,
      "integer-answer/train": 10,
      "closed-yes-no/train": 1713,
      "phrase-frame/train": 1267,
      "question-untidy/train": 13,
      "answer-untidy/train": 2,
      "repeated/train": 493,
      "conflicting/train": 24,
      "test-images-in-train": 203,
      "test-questions-in-train": 14,
      "train-image-disjoint": 1152,
    });
    expect([report.verdict, report.reasons]).to.deep.equal(["as published", []]);
    const integer = report.checks.find(({ id }) => id === "integer-answer/train")!;
    expect(integer.examples[0]).to.include({ file: "trainset.json", field: "answer" });
  });

  it("has 1,152 training questions about 111 images that test does not show", async () => {
    const disjoint = await all(readVqaRadQuestions({ folder, split: "train-image-disjoint" }));
    const test = new Set((await all(readVqaRadQuestions({ folder, split: "test" }))).map(({ image }) => image.id));
    expect([disjoint.length, new Set(disjoint.map(({ image }) => image.id)).size]).to.deep.equal([1152, 111]);
    expect(disjoint.some(({ image }) => test.has(image.id))).to.equal(false);
  });
});
