import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { BenchmarkFileError, BenchmarkMissingError } from "../../../datasets/read-json-array.ts";
import { CONFLICT, readVqaRad } from "../../../datasets/vqa-rad/read.ts";
import { MalformedRecordError } from "../../../datasets/record-fields.ts";
import { UnknownNameError } from "../../../kernels/errors.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { publishedRecord, scratchSplit } from "./scratch-split.ts";

const failure = async (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => expect.fail("expected a failure"),
    (error) => error,
  );
const countBy = (values: string[]) =>
  Object.fromEntries([...new Set(values)].map((v) => [v, values.filter((x) => x === v).length]));

describe("readVqaRad", () => {
  const folders: string[] = [];
  const folderWith = (records: unknown[] | string, images = ["a.jpg", "b.jpg"]) => {
    const folder = scratchSplit(records, images);
    folders.push(folder);
    return folder;
  };
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  it("repairs what is harmless and says how often", async () => {
    const data = await readVqaRad(
      folderWith([
        publishedRecord(1, { answer: 4, answer_type: "CLOSED ", question: " how many? " }),
        publishedRecord(2, { answer: " left", question_type: "PRSE, Other" }),
      ]),
    );
    expect(data.records.map((r) => [r.answer, r.question, r.closed])).to.deep.equal([
      ["4", "how many?", true],
      ["left", "question 2?", true],
    ]);
    expect(data.records[1].questionTypes).to.deep.equal(["PRES", "OTHER"]);
    expect(data.notes.map(({ count }) => count)).to.deep.equal([1, 1, 1, 1]);
    expect(data.skipped).to.deep.equal([]);
  });

  it("skips and counts missing images, empty answers and conflicts", async () => {
    const data = await readVqaRad(
      folderWith([
        publishedRecord(1, { image_name: "gone.jpg" }),
        publishedRecord(2, { answer: "  " }),
        publishedRecord(3, { question: "Same?", answer: "yes" }),
        publishedRecord(4, { question: "same? ", answer: "no" }),
        publishedRecord(5, { question: "again?", answer: "Yes" }),
        publishedRecord(6, { question: "again?", answer: "yes." }),
      ]),
    );
    expect(data.total).to.equal(6);
    expect(data.records.map(({ qid }) => qid)).to.deep.equal([5, 6]);
    expect(data.skipped).to.deep.equal([
      { reason: "the image file is missing", count: 1 },
      { reason: "the answer is empty", count: 1 },
      { reason: CONFLICT, count: 2 },
    ]);
  });

  const broken: [string, unknown, RegExp][] = [
    [
      "a missing question",
      publishedRecord(2, { question: undefined }),
      /record 1, field "question": expected a string, found nothing/,
    ],
    [
      "an answer that is a list",
      publishedRecord(2, { answer: [1] }),
      /record 1, field "answer": expected a string, found \[1\]/,
    ],
    ["a fractional answer", publishedRecord(2, { answer: 1.5 }), /field "answer"/],
    [
      "an image outside the folder",
      publishedRecord(2, { image_name: "../b.jpg" }),
      /field "image_name": "\.\.\/b\.jpg" is not a plain file name/,
    ],
    ["an unknown phrase type", publishedRecord(2, { phrase_type: "poem" }), /"poem" is none of freeform, para, frame/],
    ["an unknown answer type", publishedRecord(2, { answer_type: "AJAR" }), /"AJAR" is neither CLOSED nor OPEN/],
    ["a qid that is text", publishedRecord(2, { qid: "2" }), /field "qid": expected an integer, found "2"/],
    ["a record that is no object", 7, /record 1, field "\(record\)": expected an object/],
  ];
  for (const [name, record, message] of broken)
    it(`names the record and the field of ${name}, and can skip it instead`, async () => {
      const folder = folderWith([publishedRecord(1), record]);
      const error = await failure(readVqaRad(folder));
      expect(error).to.be.instanceOf(MalformedRecordError);
      expect(error.message).to.match(message).and.to.contain('onInvalid: "report"');
      const data = await readVqaRad(folder, { onInvalid: "report" });
      expect(data.records).to.have.length(1);
      expect(data.skipped).to.deep.equal([{ reason: "the record is malformed", count: 1 }]);
    });

  it("gives line and column of broken JSON", async () => {
    const error = await failure(readVqaRad(folderWith('[\n  {"qid": 1,}\n]')));
    expect(error).to.be.instanceOf(BenchmarkFileError);
    expect(error.message).to.match(/trainset\.json, line 2, column 13: broken JSON/);
  });

  it("points at the end of a file that was cut short", async () => {
    const error = await failure(readVqaRad(folderWith('[\n  {"qid": 1')));
    expect(error.message).to.match(/trainset\.json, line 2, column 12: broken JSON/);
  });

  it("refuses a JSON file that is not a list", async () => {
    expect((await failure(readVqaRad(folderWith("{}")))).message).to.contain(
      "expected a list of records, found object",
    );
  });

  it("names a missing folder, a missing file and an unknown split", async () => {
    const missing = await failure(readVqaRad("/nowhere/vqa-rad"));
    expect(missing).to.be.instanceOf(BenchmarkMissingError);
    expect(missing.message).to.contain("/nowhere/vqa-rad/images does not exist").and.to.contain("Pass the folder");
    const folder = folderWith([]);
    rmSync(join(folder, "trainset.json"));
    expect((await failure(readVqaRad(folder))).message).to.contain("trainset.json does not exist");
    expect(await failure(readVqaRad(folder, { split: "trian" as "train" }))).to.be.instanceOf(UnknownNameError);
  });

  it("treats a link that leaves the image folder as a missing image", async () => {
    const folder = folderWith([publishedRecord(1), publishedRecord(2, { image_name: "link.jpg" })]);
    const outside = mkdtempSync(join(tmpdir(), "medke-outside-"));
    folders.push(outside);
    writeFileSync(join(outside, "secret.jpg"), "");
    symlinkSync(join(outside, "secret.jpg"), join(folder, "images", "link.jpg"));
    expect((await readVqaRad(folder)).skipped).to.deep.equal([{ reason: "the image file is missing", count: 1 }]);
  });
});

describeWithShared("readVqaRad on the published files", ["data/vqa-rad"], () => {
  it("finds the published counts of the training file", async () => {
    const { total, records, skipped, notes } = await readVqaRad(shared("data/vqa-rad"));
    expect(total).to.equal(3064);
    expect(skipped).to.deep.equal([{ reason: CONFLICT, count: 54 }]);
    expect(records).to.have.length(3010);
    const noted = Object.fromEntries(notes.map(({ reason, count }) => [reason, count]));
    expect(noted).to.deep.equal({
      "integer answer, kept as text": 10,
      "answer type with surrounding spaces, trimmed": 2,
      "question with surrounding spaces, trimmed": 13,
      "answer with surrounding spaces, trimmed": 2,
    });
    expect(new Set(records.map(({ image }) => image.id)).size).to.equal(314);
    // All conflicts are among the template questions: 1,267 - 54.
    expect(countBy(records.map(({ phraseType }) => phraseType))).to.deep.equal({
      freeform: 1206,
      para: 591,
      frame: 1213,
    });
    expect(new Set(records.flatMap(({ questionTypes }) => questionTypes))).to.deep.equal(
      new Set(["PRES", "ABN", "MODALITY", "ORGAN", "POS", "SIZE", "PLANE", "COUNT", "OTHER", "ATTRIB", "COLOR"]),
    );
  });

  it("finds the published counts of the test file", async () => {
    const { total, records, skipped } = await readVqaRad(shared("data/vqa-rad"), { split: "test" });
    expect([total, records.length, skipped]).to.deep.equal([451, 451, []]);
    expect(countBy(records.map(({ phraseType }) => phraseType))).to.deep.equal({ freeform: 308, para: 143 });
    expect(records.filter(({ closed }) => closed)).to.have.length(272);
    expect(new Set(records.map(({ image }) => image.id)).size).to.equal(203);
  });

  it("gives every image one organ and one modality", async () => {
    const { records } = await readVqaRad(shared("data/vqa-rad"));
    const kinds = new Map<string, Set<string>>();
    for (const { image, organ, modality } of records)
      kinds.set(image.id, (kinds.get(image.id) ?? new Set()).add(`${organ}/${modality}`));
    expect([...kinds.values()].every((set) => set.size === 1)).to.equal(true);
    expect(countBy([...kinds.values()].map((set) => [...set][0]))).to.deep.equal({
      "CHEST/X-Ray": 107,
      "ABD/CT": 104,
      "HEAD/MRI": 82,
      "HEAD/CT": 21,
    });
  });
});
