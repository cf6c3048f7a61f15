import { expect } from "chai";
import { vlkeb } from "../../../datasets/vlkeb/benchmark.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { all, failure, inScratch } from "../scratch-files.ts";
import { visualRecord } from "../visual-edit/visual-record.ts";

describe("vlkeb", () => {
  const item = { port_edit_q: "Who drew it?", port_edit_a: "Ann", port_q: "Whose sister drew it?", port_a: "Bo" };

  it("keeps both edits of the one-hop file", () =>
    inScratch({ "eval_edit_onehop.json": [visualRecord(1, { port_new: [item] })] }, async (folder) => {
      const [made] = await all(vlkeb.read({ folder, split: "eval_edit_onehop" }));
      expect(made.meta).to.deep.equal({ port_edit_q: "Who drew it?", port_edit_a: "Ann" });
      expect(made.probes.at(-1)).to.deep.include({
        kind: "portability",
        name: "edit-onehop",
        hop: 1,
        question: item.port_q,
        expect: { answer: "Bo" },
      });
    }));

  it("names the field where the one-hop form is broken", () =>
    inScratch({ "eval_edit_onehop.json": [visualRecord(1, { port_new: [{ ...item, port_a: 3 }] })] }, async (folder) =>
      expect((await failure(all(vlkeb.read({ folder, split: "eval_edit_onehop" })))).message).to.match(
        /line \d+ \(record 0\), field "port_new"/,
      ),
    ));

  it("reads four hops", () =>
    inScratch(
      {
        "eval_multihop.json": [
          visualRecord(1, {
            port_new: [1, 2, 3, 4].map((hop) => ({
              port_type: `${hop}-hop`,
              "Q&A": { Question: `${hop}?`, Answer: "a" },
            })),
          }),
        ],
      },
      async (folder) => {
        const [made] = await all(vlkeb.read({ folder, split: "eval_multihop", hop: 4 }));
        expect(made.probes.at(-1)).to.deep.include({ hop: 4, question: "4?" });
      },
    ));
});

describeWithShared("vlkeb, the published eval.json", ["data/vlkeb/eval.json"], () => {
  it("has every published count, and only its images are missing", async function () {
    this.timeout(120_000);
    const report = await vlkeb.validate(shared("data/vlkeb"));
    expect(report.checks.filter(({ expected, found }) => expected !== undefined && expected !== found)).to.deep.equal(
      [],
    );
    const found = Object.fromEntries(report.checks.map(({ id, found }) => [id, found]));
    expect(found).to.include({
      "records/eval": 3174,
      "distinct-images/eval": 3174,
      "entities/eval": 2847,
      "rephrase-image-of-entity/eval": 3174,
      "locality-image-of-other-entity/eval": 3174,
      "answers-of-entities/eval": 2847,
      "targets-of-entities/eval": 2847,
      "answer-in-title-form/eval": 2863,
      "target-in-title-form/eval": 17,
      "distinct-questions/eval": 1364,
      "distinct-rephrases/eval": 1669,
      "target-is-answer/eval": 0,
      "rephrase-is-question/eval": 0,
      "rephrase-image-is-edited/eval": 0,
      "locality-image-is-edited/eval": 0,
      "target-in-question/eval": 2,
      "target-in-rephrase/eval": 4,
      "distinct-image-files/eval": 8178,
    });
    expect(report.files[0]).to.include({ published: "vlkeb eval", records: 3174 });
    const leak = report.checks.find(({ id }) => id === "target-in-question/eval")!.examples[0];
    expect(leak).to.include({ file: "eval.json", line: 23169, field: "src" });
    expect(report.verdict).to.equal("as published, images missing");
    expect(report.reasons).to.deep.equal([
      "9522 image references lead to no file: the image file is missing (fields image 3174, image_rephrase 3174, m_loc 3174)",
    ]);
  });

  it("is read to its end with nothing left out", async function () {
    this.timeout(120_000);
    const reading = vlkeb.read({ folder: shared("data/vlkeb") });
    const cases = await all(reading);
    expect(cases).to.have.lengthOf(3174);
    expect(new Set(cases.map(({ id }) => id)).size).to.equal(3174);
    expect(cases.every(({ probes }) => probes.length === 5)).to.equal(true);
    expect(reading.skipped).to.deep.equal([]);
  });
});
