import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { medversa } from "../../../datasets/medversa/benchmark.ts";
import { BenchmarkFileError, BenchmarkMissingError } from "../../../datasets/read-json-array.ts";
import type { ReadOptions } from "../../../datasets/reading.ts";
import { MalformedRecordError } from "../../../datasets/record-fields.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { medversaRecord, scratchCopy } from "../scratch-copy.ts";

const FIRST_OF_2000 = [1946, 1236, 1380, 1949];

async function readAll(options: ReadOptions) {
  const records = medversa.read(options);
  const cases = [];
  for await (const one of records) cases.push(one);
  return { cases, skipped: records.skipped, sources: records.sources };
}

const failure = (options: ReadOptions): Promise<Error> =>
  readAll(options).then(
    () => expect.fail("expected a failure"),
    (error) => error,
  );

describe("MedVersa", () => {
  const folders: string[] = [];
  const copy = (files: Record<string, unknown>) => {
    const folder = scratchCopy(files);
    folders.push(folder);
    return folder;
  };
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  it("makes a case of a record, unknown fields kept", async () => {
    const { cases, sources } = await readAll({
      folder: copy({ "medversa/test.json": [medversaRecord(7, { extra: { a: 1 } })] }),
    });
    expect(sources).to.deep.equal(["medversa/test.json"]);
    const [one] = cases;
    expect(one).to.include({
      id: "medversa-7",
      split: "test",
      task: "edit-text",
      answer: "dorsal veil",
      target: "inner reed",
    });
    expect(one.probes.map(({ kind, question }) => `${kind}: ${question}`)).to.deep.equal([
      "reliability: Which organ holds the gland of fact 7?",
      "text-generality: In which organ does the gland of fact 7 lie?",
      "text-locality: Which fold carries the marker of fact 7?",
    ]);
    expect(one.probes[2].expect).to.deep.equal({ unchanged: true, context: "outer fold" });
    expect(one.meta).to.include({ extra: '{"a":1}', subject_name: "Anatomy", locality_id: "10007" });
  });

  it("takes the folder of this project's names, of the official ones, or the file itself", async () => {
    const records = [medversaRecord(1)];
    for (const name of ["medversa_valid.json", "valid.json", "medrek/data/medversa/valid.json"])
      expect((await readAll({ folder: copy({ [name]: records }), split: "valid" })).sources).to.deep.equal([name]);
    const odd = join(copy({ "mine.json": records }), "mine.json");
    expect((await readAll({ folder: odd, split: "valid" })).cases[0].split).to.equal("valid");
  });

  it("says what it looked for, and what is there instead", async () => {
    const error = await failure({ folder: copy({ "medversa_train.json": [] }), split: "test" });
    expect(error).to.be.instanceOf(BenchmarkMissingError);
    expect(error.message).to.match(
      /no file of split "test".*medversa_test.json or test.json.*medversa_train.json \(train\)/,
    );
    expect((await failure({ folder: copy({ "other.txt": "" }) })).message).to.contain("holds none of its files");
    expect((await failure({ folder: "/nowhere/at/all" })).message).to.contain("does not exist");
  });

  it("names line and field of a malformed record, or counts it", async () => {
    const hostile: [unknown, string][] = [
      ["text", "(record)"],
      [null, "(record)"],
      [[], "(record)"],
      [medversaRecord(1, { prompt: undefined }), "prompt"],
      [medversaRecord(1, { prompt: " " }), "prompt"],
      [medversaRecord(1, { target_new: 5 }), "target_new"],
      [medversaRecord(1, { rephrase_prompt: ["a"] }), "rephrase_prompt"],
      [medversaRecord(1, { id: "1" }), "id"],
      [medversaRecord(1, { id: 2 ** 60 }), "id"],
      [medversaRecord(1, { id: 0.5 }), "id"],
      [JSON.parse('{"__proto__": {"prompt": "inherited?"}}'), "id"],
    ];
    for (const [record, field] of hostile) {
      const folder = copy({ "test.json": [medversaRecord(3), record] });
      const error = await failure({ folder });
      expect(error).to.be.instanceOf(MalformedRecordError);
      expect(error.message).to.match(/^medversa: test\.json, line \d+ \(record 1\)/);
      expect(error.message).to.contain(`field "${field}"`);
      const { cases, skipped } = await readAll({ folder, onInvalid: "report" });
      expect(cases.map(({ id }) => id)).to.deep.equal(["medversa-3"]);
      expect(skipped).to.deep.equal([{ reason: "the record is malformed", count: 1 }]);
    }
    // A number beyond floating point becomes infinite, and is refused as an id.
    expect((await failure({ folder: copy({ "test.json": '[{"id": 1e999}]' }) })).message).to.contain('field "id"');
    expect(await failure({ folder: copy({ "test.json": '[{"id": 1' }) })).to.be.instanceOf(BenchmarkFileError);
  });

  it("reports a differing copy, and a broken one as not usable", async () => {
    const differing = await medversa.validate(
      copy({ "test.json": [medversaRecord(1), medversaRecord(2, { target_new: "dorsal veil" })] }),
    );
    expect([differing.set, differing.verdict]).to.deep.equal(["another", "usable, another set than the published one"]);
    expect(differing.reasons).to.deep.equal([
      "no file and no number of records is a published one, so no published count is held against them",
    ]);
    const same = differing.checks.find(({ id }) => id === "target-is-answer/test")!;
    expect(same).to.include({ found: 1, expected: 1 });
    expect(same.examples).to.deep.equal([{ file: "test.json", line: 28, field: "target_new", value: "dorsal veil" }]);
    const broken = await medversa.validate(copy({ "test.json": [medversaRecord(1, { id: null })] }));
    expect(broken.verdict).to.equal("not usable");
    const malformed = broken.checks.find(({ id }) => id === "malformed/test")!;
    expect(malformed.examples).to.deep.equal([{ file: "test.json", line: 7, field: "id", value: "null" }]);
    expect((await medversa.validate(copy({ "test.json": [] }))).verdict).to.equal("not usable");
  });

  it("holds the published counts against a copy of about their size, though no file is a published one", async () => {
    const most = Array.from({ length: 990 }, (_, i) => medversaRecord(i + 6));
    const { set, verdict, reasons } = await medversa.validate(copy({ "test.json": most }));
    expect([set, verdict]).to.deep.equal(["published", "usable, differs from what was published"]);
    expect(reasons).to.include.members([
      "test.json: not byte for byte a published file",
      "records/test: 990 found, 1000 published",
    ]);
  });

  describeWithShared(
    "published files",
    ["data/medversa/medversa_train.json", "data/medversa/medversa_valid.json"],
    () => {
      const folder = shared("data/medversa");

      it("are as published, with every count that is known", async () => {
        const { verdict, reasons, checks, files } = await medversa.validate(folder);
        expect(reasons).to.deep.equal([]);
        expect(verdict).to.equal("as published");
        expect(files.map(({ published }) => published)).to.deep.equal(["medversa train", "medversa valid"]);
        const known = Object.fromEntries(
          checks.filter(({ expected }) => expected !== undefined).map(({ id, found }) => [id, found]),
        );
        expect(known).to.include({
          ...{
            "records/train": 3000,
            "records/valid": 2000,
            "locality-is-edit-folded/train": 7,
            "locality-is-edit-folded/valid": 2,
          },
          ...{
            "rephrase-is-prompt/train": 2,
            "rephrase-is-prompt/valid": 1,
            "no-question-mark/train": 1,
            "no-question-mark/valid": 2,
          },
          ...{
            "locality-repeated/train": 32,
            "locality-repeated/valid": 13,
            "target-is-answer/train": 0,
            "locality-is-edit/train": 0,
          },
          ...{ "subjects/train": 0, "subjects/valid": 0, "untidy-target/train": 0, "id-is-locality-id/train+valid": 0 },
        });
      });

      it("come in file order, or shuffled as numpy does", async () => {
        const file = (await readAll({ folder, split: "valid" })).cases.map(({ id }) => id);
        const official = (await readAll({ folder, split: "valid", order: "official", seed: 0 })).cases.map(
          ({ id }) => id,
        );
        expect(file).to.have.length(2000);
        // The first places of numpy's default_rng(0).shuffle of 2,000 items.
        expect(official.slice(0, 4)).to.deep.equal(FIRST_OF_2000.map((i) => file[i]));
        expect([...official].sort()).to.deep.equal([...file].sort());
      });

      it("give cases without asking the model", async () => {
        const answer = () => Promise.reject(new Error("asked"));
        const { cases, skipped } = await medversa.cases({ folder, split: "valid", answer, limit: 5 });
        expect(cases).to.have.length(5);
        expect(skipped).to.deep.equal([]);
      });
    },
  );
});
