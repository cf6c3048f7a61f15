import { rmSync } from "node:fs";
import { expect } from "chai";
import { medcf, medcfPlus } from "../../../datasets/medcf/benchmark.ts";
import { OWN_COLLISION } from "../../../datasets/medcf/format.ts";
import type { ReadOptions } from "../../../datasets/reading.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { medcfRecord, scratchCopy } from "../scratch-copy.ts";

async function readAll(benchmark: typeof medcf | typeof medcfPlus, options: ReadOptions) {
  const records = benchmark.read(options);
  const cases = [];
  for await (const one of records) cases.push(one);
  return { cases, skipped: records.skipped };
}

describe("MedCF", () => {
  let folder = "";
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("names its locality kinds, and counts records in file order", async () => {
    folder = scratchCopy({ "MedCF/test.json": [medcfRecord("auren"), medcfRecord("belm")] });
    const { cases } = await readAll(medcf, { folder });
    expect(cases.map(({ id }) => id)).to.deep.equal(["medcf-test-0", "medcf-test-1"]);
    expect(cases[0].probes.slice(2).map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal(
      ["target", "mapping", "struc", "tokenSem"].map((name) => `text-locality ${name}`),
    );
  });

  it("reads the reworked test file with its own kinds", async () => {
    const { prompt, target_new, subject, ground_truth, rephrase_prompt } = medcfRecord("auren");
    const kinds = Object.fromEntries(
      ["relation", "head", "head_relation"].flatMap((kind) => [
        [`locality_${kind}_prompt`, `${kind}?`],
        [`locality_${kind}_prompt_ground_truth`, kind],
      ]),
    );
    folder = scratchCopy({
      "test_new.json": [{ prompt, target_new, subject, ground_truth, rephrase_prompt, ...kinds }],
    });
    const { cases } = await readAll(medcf, { folder, split: "test_new" });
    expect(cases[0].probes.slice(2).map(({ name }) => name)).to.deep.equal(["relation", "head", "head_relation"]);
    expect(cases[0].meta).to.deep.equal({ subject: "auren" });
  });

  it("leaves out of MedCF++ what collides with itself, and says so", async () => {
    const records = [
      medcfRecord("auren"),
      medcfRecord("belm", { locality_mapping_prompt: "Which salve treats belm?" }),
      medcfRecord("cord"),
    ];
    folder = scratchCopy({ "test.json": records });
    const { cases, skipped } = await readAll(medcfPlus, { folder });
    expect(cases.map(({ id, meta }) => [id, meta.subject])).to.deep.equal([
      ["medcf++-test-0", "auren"],
      ["medcf++-test-1", "cord"],
    ]);
    expect(skipped).to.deep.equal([{ reason: OWN_COLLISION, count: 1 }]);
  });

  const files = ["test", "valid", "test_single"].map((name) => `data/medcf/medcf_${name}.json`);
  describeWithShared("published files", files, () => {
    it("are as published, with every count that is known", async () => {
      const { verdict, reasons, checks } = await medcf.validate(shared("data/medcf"));
      expect(reasons).to.deep.equal([]);
      expect(verdict).to.equal("as published");
      const found = Object.fromEntries(checks.map((check) => [check.id, check.found]));
      expect(found).to.include({
        ...{ "records/test": 802, "prompt-repeated/test": 71, "conflicting-targets/test": 58, "most-targets/test": 5 },
        ...{
          "target-is-answer/test": 4,
          "own-prompt-mapping/test": 46,
          "own-prompt-struc/test": 1,
          "own-prompt/test": 47,
        },
        ...{ "edit-prompt-target/test": 79, "edit-prompt-mapping/test": 80, "edit-prompt-struc/test": 100 },
        ...{ "edit-prompt-tokenSem/test": 121, "edit-prompt/test": 280, "templates/test": 17 },
        ...{
          "records/valid": 818,
          "prompt-repeated/valid": 74,
          "conflicting-targets/valid": 55,
          "most-targets/valid": 4,
        },
        ...{ "target-is-answer/valid": 2, "own-prompt-target/valid": 1, "own-prompt-mapping/valid": 42 },
        ...{ "own-prompt-struc/valid": 5, "own-prompt-tokenSem/valid": 0, "own-prompt/valid": 47 },
        ...{ "edit-prompt-target/valid": 89, "edit-prompt-mapping/valid": 95, "edit-prompt-struc/valid": 101 },
        ...{ "edit-prompt-tokenSem/valid": 164, "edit-prompt/valid": 326 },
      });
    });

    it("give MedCF++ by the filter as it was published: 755 of 802, the same cases", async () => {
      const filtered = await readAll(medcfPlus, { folder: shared("data/medcf/medcf_test.json") });
      const published = await readAll(medcfPlus, { folder: shared("data/medcf/medcf_test_single.json") });
      expect(filtered.skipped).to.deep.equal([{ reason: OWN_COLLISION, count: 47 }]);
      expect(published.skipped).to.deep.equal([]);
      expect(filtered.cases).to.have.length(755);
      expect(filtered.cases).to.deep.equal(published.cases);
      expect((await readAll(medcfPlus, { folder: shared("data/medcf"), split: "valid" })).cases).to.have.length(771);
    });

    it("give a report of MedCF++ with the counts after the filter", async () => {
      for (const path of ["data/medcf", "data/medcf/medcf_test.json"]) {
        const { verdict, checks } = await medcfPlus.validate(shared(path));
        expect(verdict).to.equal("as published");
        expect(Object.fromEntries(checks.map(({ id, found }) => [id, found]))).to.include({
          ...{ "records/test": 755, "own-prompt/test": 0, "edit-prompt/test": 226, "edit-prompt-mapping/test": 34 },
        });
      }
    });
  });
});
