import { expect } from "chai";
import type { PhraseType, VqaRadRecord } from "../../../datasets/vqa-rad/record.ts";
import { readVqaRad } from "../../../datasets/vqa-rad/read.ts";
import { rephrasings } from "../../../datasets/vqa-rad/rephrasings.ts";
import { describeWithShared, shared } from "../../shared-data.ts";

const record = (
  qid: number,
  phraseType: PhraseType,
  question: string,
  fields: Partial<VqaRadRecord> = {},
): VqaRadRecord => ({
  index: qid,
  qid,
  image: { id: "a.jpg", path: "/a.jpg" },
  organ: "HEAD",
  modality: "MRI",
  question,
  answer: "Yes",
  closed: true,
  questionTypes: ["PRES"],
  phraseType,
  ...fields,
});
const questionsOf = (records: VqaRadRecord[]) =>
  Object.fromEntries(
    [...rephrasings(records)].map(([head, others]) => [head.question, others.map(({ question }) => question)]),
  );

describe("rephrasings", () => {
  it("prefers the para over the frame, wherever the para stands", () => {
    const after = [
      record(1, "freeform", "Q?"),
      record(2, "frame", "Q in a frame?"),
      record(3, "para", "Q reworded?"),
      record(4, "frame", "Other frame?"),
    ];
    expect(questionsOf(after)).to.deep.equal({ "Q?": ["Q reworded?", "Q in a frame?", "Other frame?"] });
    const before = [record(1, "para", "Q reworded?"), record(2, "frame", "Other frame?"), record(3, "freeform", "Q?")];
    expect(questionsOf(before)).to.deep.equal({ "Q?": ["Q reworded?", "Other frame?"] });
  });

  it("takes no neighbour of another image, answer, question type or place in the file", () => {
    const others: Partial<VqaRadRecord>[] = [
      { image: { id: "b.jpg", path: "/b.jpg" } },
      { answer: "No" },
      { questionTypes: ["POS"] },
    ];
    for (const fields of others)
      expect(questionsOf([record(1, "freeform", "Q?"), record(2, "para", "P?", fields)])).to.deep.equal({ "Q?": [] });
    expect(questionsOf([record(1, "freeform", "Q?"), record(3, "para", "P?")])).to.deep.equal({ "Q?": [] });
  });

  it("leaves out a rewording that reads the same", () =>
    expect(
      questionsOf([
        record(1, "freeform", "Is it normal?"),
        record(2, "para", "is it normal"),
        record(3, "frame", "Is/Are it normal?"),
      ]),
    ).to.deep.equal({
      "Is it normal?": ["Is/Are it normal?"],
    }));
});

describeWithShared("rephrasings of the published training file", ["data/vqa-rad"], () => {
  it("pairs questions that share image, answer and a question type, no rewording twice", async () => {
    const { records } = await readVqaRad(shared("data/vqa-rad"));
    const found = rephrasings(records);
    expect(found.size).to.equal(1206);
    const used = new Set<VqaRadRecord>();
    for (const [head, others] of found)
      for (const other of others) {
        expect(other.image.id).to.equal(head.image.id);
        expect(other.question.toLowerCase()).not.to.equal(head.question.toLowerCase());
        expect(Math.abs(other.qid - head.qid)).to.be.at.most(3);
        expect(used.has(other)).to.equal(false);
        used.add(other);
      }
    const paired = [...found.values()];
    expect(paired.filter(([first]) => first?.phraseType === "para").length).to.equal(507);
    expect(paired.filter(([first]) => first !== undefined).length).to.equal(653);
  });

  it("finds the pair of a question that was checked by eye", async () => {
    const { records } = await readVqaRad(shared("data/vqa-rad"));
    const found = new Map([...rephrasings(records)].map(([head, others]) => [head.qid, others.map(({ qid }) => qid)]));
    expect(found.get(1411)).to.deep.equal([1413, 1412]);
    expect(found.get(1417)).to.deep.equal([1415, 1418]);
    expect(found.get(1424 - 2)).to.deep.equal([1423]);
    expect(found.get(1407)).to.deep.equal([]);
  });
});
