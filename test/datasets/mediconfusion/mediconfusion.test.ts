import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { groupBy } from "../../../datasets/group-by.ts";
import { mediconfusion } from "../../../datasets/mediconfusion/benchmark.ts";
import { pythonList } from "../../../datasets/mediconfusion/python-list.ts";
import { BenchmarkFileError } from "../../../datasets/read-json-array.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { all, failure, inScratch } from "../scratch-files.ts";

const pair = (one: number, two: number, fields: Record<string, unknown> = {}) => ({
  im_1: `train/radiology/images/ROCO_${one}.jpg`,
  im_2: `train/radiology/images/ROCO_${two}.jpg`,
  im_1_local: 20000 + one,
  im_2_local: 20000 + two,
  cap_1: " the velum is on the left",
  cap_2: " the velum is on the right",
  category_1: ["Pulmonary"],
  category_2: ["Pulmonary", "Cardiac"],
  BiomedCLIP_sim: 0.92,
  DINO_sim: 0.5,
  question: "On which side?",
  option_A: "left",
  option_B: "right",
  im_1_correct: "A",
  im_2_correct: "B",
  AI_question: "Where?",
  AI_option_A: "left side",
  AI_option_B: "right",
  ...fields,
});

describe("mediconfusion", () => {
  it("finds images by number or by path in ROCO, and joins pairs that share one", () =>
    inScratch(
      {
        "data/dataset.json": { 1: pair(1, 2), 2: pair(3, 4), 3: pair(2, 5), 4: pair(6, 7) },
        "images/20001.jpg": "",
        "roco-dataset/data/train/radiology/images/ROCO_2.jpg": "",
      },
      async (folder) => {
        const reading = mediconfusion.readPairs({ folder });
        const pairs = await all(reading);
        expect(pairs.map(({ id, cluster }) => [id, cluster])).to.deep.equal([
          ["mediconfusion-1", "1"],
          ["mediconfusion-2", "2"],
          ["mediconfusion-3", "1"],
          ["mediconfusion-4", "3"],
        ]);
        expect(pairs[0].images).to.deep.equal([
          { id: "train/radiology/images/ROCO_1.jpg", path: join(folder, "images/20001.jpg") },
          {
            id: "train/radiology/images/ROCO_2.jpg",
            path: join(folder, "roco-dataset/data/train/radiology/images/ROCO_2.jpg"),
          },
        ]);
        expect(reading.notes.map(({ count }) => count)).to.deep.equal([2, 3]);
        expect(await all(mediconfusion.readPairs({ folder, needImages: true }))).to.have.lengthOf(1);
      },
    ));

  it("keeps captions and drafts out of every field that a model sees", () =>
    inScratch({ "dataset.json": { 1: pair(1, 2, { other: "kept" }) } }, async (folder) => {
      const [{ captions, draft, ...seen }] = await all(mediconfusion.readPairs({ folder }));
      expect(captions).to.deep.equal([" the velum is on the left", " the velum is on the right"]);
      expect(draft.question).to.equal("Where?");
      expect(seen.meta).to.deep.equal({ im_1_local: "20001", im_2_local: "20002", other: "kept" });
      for (const hidden of ["velum", "Where?", "left side"]) expect(JSON.stringify(seen)).not.to.include(hidden);
    }));

  it("refuses pairs that both images answer alike, and references that leave the folder", () =>
    inScratch(
      { "dataset.json": { 1: pair(1, 2, { im_2_correct: "A" }), 2: pair(1, 2, { im_1: "../x.jpg" }), 3: pair(1, 2) } },
      async (folder) => {
        expect((await failure(all(mediconfusion.readPairs({ folder })))).message).to.include(
          'field "im_2_correct": expected A and B',
        );
        const reading = mediconfusion.readPairs({ folder, onInvalid: "report" });
        expect(await all(reading)).to.have.lengthOf(1);
        expect(reading.skipped).to.deep.equal([{ reason: "the record is malformed", count: 2 }]);
      },
    ));

  it("names the line where a table is broken", () =>
    inScratch({ "dataset.csv": ',id,im_1\n0,1,"open\n' }, async (folder) => {
      const error = await failure(all(mediconfusion.readPairs({ folder, split: "csv" })));
      expect(error).to.be.instanceOf(BenchmarkFileError);
      expect(error.message).to.match(/dataset\.csv, line 2: broken table/);
    }));

  it("takes whatever JSON holds: each record comes or is counted", async () => {
    const record = fc.oneof(
      fc.jsonValue(),
      fc
        .dictionary(fc.constantFrom("im_1", "im_1_local", "category_1", "question", "__proto__"), fc.jsonValue())
        .map((odd) => pair(1, 2, odd)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(record, { maxLength: 4 }), (records) =>
        inScratch({ "dataset.json": Object.fromEntries(records.map((one, i) => [`k${i}`, one])) }, async (folder) => {
          const reading = mediconfusion.readPairs({ folder, onInvalid: "report" });
          const pairs = await all(reading);
          expect(pairs.length + reading.skipped.reduce((sum, { count }) => sum + count, 0)).to.equal(records.length);
          for (const { images } of pairs) for (const { path } of images) expect(path.startsWith(folder)).to.equal(true);
          await mediconfusion.validate(folder);
        }),
      ),
      { numRuns: 40 },
    );
  });
});

describe("pythonList", () => {
  it("reads what repr writes and nothing else", () => {
    expect(pythonList("['Head and Neck', \"Ray's\"]")).to.deep.equal(["Head and Neck", "Ray's"]);
    expect(pythonList("['it\\'s, \\n']")).to.deep.equal(["it's, \n"]);
    expect(pythonList("[]")).to.deep.equal([]);
    for (const odd of ["", "['a'", "[1]", "['a' 'b']", "['a'], x"]) expect(pythonList(odd), odd).to.equal(undefined);
  });
});

describeWithShared(
  "mediconfusion, the published files",
  ["data/mediconfusion/dataset.json", "data/mediconfusion/dataset.csv"],
  () => {
    const folder = shared("data/mediconfusion");

    it("has every published count in both files, which hold the same pairs", async () => {
      const report = await mediconfusion.validate(folder);
      expect(report.checks.filter(({ expected, found }) => expected !== undefined && expected !== found)).to.deep.equal(
        [],
      );
      const found = Object.fromEntries(report.checks.map(({ id, found }) => [id, found]));
      expect(found).to.include({
        "records/test": 176,
        "records/csv": 176,
        "distinct-images/test": 228,
        "distinct-questions/test": 173,
        "clusters/test": 60,
        "manifest-articles": 219,
        "draft-kept/csv": 119,
        "first-is-a/test": 88,
        "category-images/Cerebral/test": 79,
        "category-pairs/Nuclear Medicine/test": 7,
        "files-differ": 0,
      });
      expect(report.unresolved.map(({ field, count }) => [field, count])).to.deep.equal([["im_1", 352], ["im_2", 352]]); // prettier-ignore
    });

    it("gives the same pairs from either file", async () => {
      const [json, csv] = await Promise.all(
        ["test", "csv"].map((split) => all(mediconfusion.readPairs({ folder, split }))),
      );
      expect(json).to.have.lengthOf(176);
      expect(csv).to.deep.equal(json);
      const sizes = [...groupBy(json, ({ cluster }) => cluster).values()].map((group) => group.length);
      expect(sizes.sort((a, b) => b - a).slice(0, 3)).to.deep.equal([25, 20, 18]);
    });

    it("notices what a changed copy changed", () =>
      inScratch({}, async (scratch) => {
        cpSync(folder, scratch, { recursive: true });
        writeFileSync(join(scratch, "dataset.json"), JSON.stringify({ 10001: pair(1, 2) }));
        const report = await mediconfusion.validate(scratch);
        expect(report.verdict).to.equal("usable, differs from what was published");
        expect(report.reasons).to.include.members([
          "dataset.json: not byte for byte a published file",
          "records/test: 1 found, 176 published",
        ]);
      }));
  },
);
