import { expect } from "chai";
import { medversa, type MedversaRecord } from "../../../../datasets/phantom/forms/medversa.ts";
import { ENTITIES, FACTS, splitOf, typeOf } from "../../../../datasets/phantom/knowledge/index.ts";
import { exportFiles, parsed } from "./export-files.ts";

const PATHS = ["train", "valid", "test"].map((name) => `medversa/${name}.json`);
const fold = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, " ")
    .trim();
const splitsOf = (files: Map<string, Uint8Array>) => PATHS.map((path) => parsed<MedversaRecord[]>(files, path));

describe("phantom medversa export", () => {
  let files: Map<string, Uint8Array>;
  let splits: MedversaRecord[][];
  let all: MedversaRecord[];
  before(async () => {
    files = await exportFiles(medversa, { seed: 0 });
    splits = splitsOf(files);
    all = splits.flat();
  });

  it("has the published files and at least 2,000 edits", () => {
    expect([...files.keys()]).to.deep.equal(PATHS);
    expect(splits.map(({ length }) => length)).to.deep.equal([1500, 350, 350]);
  });

  it("has the published fields, in their order and of their types, and none is empty", () => {
    for (const record of all) {
      expect(Object.keys(record).join()).to.equal(
        "prompt,ground_truth,subject_name,topic_name,id,locality_prompt,locality_ground_truth," +
          "locality_subject_name,locality_topic_name,locality_id,rephrase_prompt,target_new",
      );
      for (const [field, value] of Object.entries(record)) {
        expect(value, field).to.be.a(field.endsWith("id") ? "number" : "string");
        expect(String(value), field).to.equal(String(value).trim()).and.not.equal("");
      }
      expect(record.prompt).to.match(/\?$/);
    }
  });

  it("numbers edits and locality items without repeats", () => {
    const ids = all.flatMap(({ id, locality_id }) => [id, locality_id]);
    expect(new Set(ids).size).to.equal(2 * all.length);
    expect(ids.every((id) => Number.isInteger(id) && id > 0)).to.equal(true);
  });

  it("keeps locality strict: no locality prompt is an edit prompt or a rephrase, folded, in any split", () => {
    const edits = new Set(all.flatMap(({ prompt, rephrase_prompt }) => [fold(prompt), fold(rephrase_prompt)]));
    expect(all.filter(({ locality_prompt }) => edits.has(fold(locality_prompt)))).to.deep.equal([]);
    expect(new Set(all.map(({ prompt }) => fold(prompt))).size).to.equal(all.length);
    expect(new Set(all.map(({ locality_prompt }) => fold(locality_prompt))).size).to.equal(all.length);
  });

  it("rephrases in words that ask for no edit", () => {
    const prompts = new Set(all.map(({ prompt }) => fold(prompt)));
    expect(all.filter(({ rephrase_prompt }) => prompts.has(fold(rephrase_prompt)))).to.deep.equal([]);
  });

  it("targets another entity of the right answer's type, which no prompt names", () => {
    for (const { ground_truth, target_new, prompt } of all) {
      expect(typeOf(target_new)).to.equal(typeOf(ground_truth));
      expect(target_new).to.not.equal(ground_truth);
      expect(` ${fold(prompt)} `).to.not.contain(` ${target_new} `);
    }
  });

  it("asks about facts of the knowledge base, each split about its own", () => {
    const names = ["train", "validation", "test"];
    splits.forEach((records, i) => {
      for (const { prompt, ground_truth, topic_name } of records) {
        const words = fold(prompt).split(" ");
        const fact = FACTS.find(
          ({ head, relation }) => relation.replace("-", " ") === topic_name && words.includes(head.split(" ")[0]),
        );
        expect(fact?.tail, prompt).to.equal(ground_truth);
        expect(splitOf(fact!)).to.equal(names[i]);
      }
    });
  });

  it("asks in wordings that no other split uses, and rephrases so too", () => {
    const names = new Set(Object.values(ENTITIES).flat());
    const wording = (text: string) =>
      fold(text)
        .split(" ")
        .filter((word) => !names.has(word))
        .join(" ")
        .replace(/ (the|an?)( condition| agent| cause| finding| organ| device)?(?= |$)/g, "");
    for (const field of ["prompt", "rephrase_prompt"] as const) {
      const wordings = splits.map((records) => new Set(records.map((record) => wording(record[field]))));
      wordings.forEach((own, i) =>
        wordings.slice(i + 1).forEach((other) => expect([...own].filter((text) => other.has(text))).to.deep.equal([])),
      );
    }
  });

  it("is the same bytes for one seed, and another file for another", async () => {
    for (const [path, bytes] of await exportFiles(medversa, { seed: 0 }))
      expect(Buffer.from(bytes).equals(Buffer.from(files.get(path)!)), path).to.equal(true);
    const other = splitsOf(await exportFiles(medversa, { seed: 1 }));
    expect(other[2].map(({ target_new }) => target_new)).to.not.deep.equal(splits[2].map((r) => r.target_new));
  });

  it("makes as many records as are wanted", async () => {
    const counts = { train: 3, validation: 0, test: 100_000 };
    const sizes = splitsOf(await exportFiles(medversa, { seed: 0, counts })).map(({ length }) => length);
    expect(sizes.slice(0, 2)).to.deep.equal([3, 0]);
    expect(sizes[2]).to.be.within(350, 1000);
  });
});
