import { expect } from "chai";
import { slake } from "../../../datasets/slake/benchmark.ts";
import { all, failure, inScratch } from "../scratch-files.ts";

const record = (qid: number, image: number, fields: Record<string, unknown> = {}) => ({
  img_id: image,
  img_name: `xmlab${image}/source.jpg`,
  question: `question ${qid}?`,
  answer: "Yes",
  q_lang: "en",
  location: "Abdomen",
  modality: "CT",
  answer_type: "CLOSED",
  base_type: "vqa",
  content_type: "Organ",
  triple: ["vhead", "_", "_"],
  qid,
  ...fields,
});
const FILES = {
  "train.json": [
    record(0, 0),
    record(1, 1, { q_lang: "zh", question: "问?", answer: "是" }),
    record(2, 0, { answer: "" }),
    record(3, 0, { question: "question 0?", answer: "left" }),
  ],
  "validate.json": [record(4, 2, { base_type: "kvqa", content_type: "KG", triple: ["vhead", "_", "organ"] })],
  "test.json": [record(5, 1, { answer_type: "OPEN" }), record(6, 3, { q_lang: "zh", img_name: "xmlab9/source.jpg" })],
  "imgs/xmlab1/source.jpg": "",
};

describe("slake", () => {
  it("reads one language at a time, both when asked, and then says what leaks", () =>
    inScratch(FILES, async (folder) => {
      const english = slake.readQuestions({ folder, split: "train" });
      expect((await all(english)).map(({ id, lang }) => [id, lang])).to.deep.equal([["slake-0", "en"], ["slake-3", "en"]]); // prettier-ignore
      expect(english.skipped).to.deep.equal([
        { reason: "in another language than en", count: 1 },
        { reason: "the answer is empty", count: 1 },
      ]);
      const [chinese] = await all(slake.readQuestions({ folder, split: "train", lang: "zh" }));
      expect(chinese).to.deep.include({
        answer: "是",
        closed: true,
        organ: "Abdomen",
        modality: "CT",
        questionType: "Organ",
      });
      expect(chinese.image.id).to.equal("xmlab1/source.jpg");
      const both = slake.readQuestions({ folder, split: "train", lang: "all" });
      expect(await all(both)).to.have.lengthOf(3);
      expect(both.notes[0].reason).to.include("image-disjoint only each in itself");
    }));

  it("names the field of a malformed record", () =>
    inScratch({ "test.json": [record(1, 1, { q_lang: "fr" })] }, async (folder) =>
      expect((await failure(all(slake.readQuestions({ folder })))).message).to.include(
        'test.json, line 7 (record 0), field "q_lang": expected en or zh',
      ),
    ));

  it("validates: published counts as expected, and images that splits share across languages", () =>
    inScratch(FILES, async (folder) => {
      const { checks, unresolved } = await slake.validate(folder);
      const of = (id: string) =>
        checks.filter((check) => check.id === id).map(({ found, expected }) => [found, expected])[0];
      expect(of("records/train")).to.deep.equal([4, 9835]);
      expect(of("records-zh/train")).to.deep.equal([1, 4916]);
      expect(of("knowledge/validate")).to.deep.equal([1, 299]);
      expect(of("open/test")).to.deep.equal([1, 1258]);
      expect(of("empty-answer")).to.deep.equal([1, 1]);
      expect(of("closed-not-yes-no")).to.deep.equal([2, 387]);
      expect(of("open-yes-no")).to.deep.equal([1, 0]);
      expect(of("shared-images-en/train-test")).to.deep.equal([0, 0]);
      expect(of("shared-images/train-test")).to.deep.equal([1, 142]);
      expect(of("repeated")).to.deep.equal([1, 14]);
      expect(of("conflicting")).to.deep.equal([1, 0]);
      expect(of("image-name")).to.deep.equal([1, 0]);
      expect(of("distinct-images")).to.deep.equal([4, 642]);
      expect(unresolved.map(({ field, count }) => [field, count])).to.deep.equal([["img_name", 5]]);
    }));
});
