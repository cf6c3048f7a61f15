import { createHash } from "node:crypto";
import { expect } from "chai";
import { mediconfusion, type MediconfusionRecord } from "../../../../datasets/phantom/forms/mediconfusion.ts";
import { CONFUSION_PAIRS, EncoderMissingError } from "../../../../datasets/phantom/forms/mediconfusion-pairs.ts";
import { exportFiles, parsed } from "./export-files.ts";
import { gridEncoder } from "./grid-encoder.ts";

const FIELDS =
  "im_1,im_2,im_1_local,im_2_local,cap_1,cap_2,category_1,category_2,BiomedCLIP_sim,DINO_sim,question,option_A,option_B," +
  "im_1_correct,im_2_correct,AI_question,AI_option_A,AI_option_B";
const counts = { train: 0, validation: 0, test: 6 };
const options = { seed: 0, counts, encode: gridEncoder };

describe("phantom mediconfusion export", () => {
  let files: Map<string, Uint8Array>;
  let pairs: Record<string, MediconfusionRecord>;
  before(async () => {
    files = await exportFiles(mediconfusion, options);
    pairs = parsed(files, "data/dataset.json");
  });

  it("has at least 200 pairs when nothing else is asked for", () => {
    expect(CONFUSION_PAIRS).to.be.at.least(200);
    expect(mediconfusion.counts.test).to.equal(CONFUSION_PAIRS);
  });

  it("numbers its pairs as the published file does and has its fields, with their types", () => {
    expect(Object.keys(pairs)).to.deep.equal(Array.from({ length: 6 }, (_, i) => String(10_001 + i)));
    for (const pair of Object.values(pairs)) {
      expect(Object.keys(pair).join()).to.equal(FIELDS);
      for (const [field, value] of Object.entries(pair)) {
        const type = field.startsWith("category") ? "array" : /_local|_sim/.test(field) ? "number" : "string";
        expect(value, field).to.be.a(type);
      }
      for (const list of [pair.category_1, pair.category_2]) expect(list.length).to.be.within(2, 3);
      for (const caption of [pair.cap_1, pair.cap_2]) expect(caption).to.match(/^ \S/);
      expect(pair.im_1).to.not.equal(pair.im_2);
      expect(pair.BiomedCLIP_sim).to.be.within(0, 1);
      expect(pair.DINO_sim).to.be.below(1);
    }
  });

  it("has A and B right for the first image equally often, and never for both", () => {
    const letters = Object.values(pairs).map(({ im_1_correct, im_2_correct }) => im_1_correct + im_2_correct);
    expect(letters.filter((both) => both === "AB")).to.have.lengthOf(3);
    expect(letters.filter((both) => both === "BA")).to.have.lengthOf(3);
  });

  it("tells in each caption the answer that is right for its image, where the question asks for a name, a side or a size", () => {
    let told = 0;
    for (const pair of Object.values(pairs)) {
      const right = (letter: string) => (letter === "A" ? pair.option_A : pair.option_B);
      const sides = [
        [pair.cap_1, right(pair.im_1_correct)],
        [pair.cap_2, right(pair.im_2_correct)],
      ];
      for (const [caption, answer] of sides) {
        if (["yes", "no", "none"].includes(answer)) continue;
        expect(caption).to.match(new RegExp(`\\b${answer}\\b`));
        told++;
      }
    }
    expect(told).to.be.above(4);
  });

  it("writes every image once, under the path and the number that the other files give", () => {
    const paths = new Set(Object.values(pairs).flatMap(({ im_1, im_2 }) => [im_1, im_2]));
    const images = [...files.keys()].filter((path) => path.endsWith(".png"));
    expect(new Set(images)).to.deep.equal(paths);
    const dict = parsed<Record<string, { local: number; dlink: string; file_name: string }>>(
      files,
      "data/image_dict.json",
    );
    expect(Object.keys(dict)).to.have.members([...paths]);
    for (const { im_1, im_2, im_1_local, im_2_local } of Object.values(pairs)) {
      expect([dict[im_1].local, dict[im_2].local]).to.deep.equal([im_1_local, im_2_local]);
      expect(im_1.endsWith(`/${dict[im_1].file_name}`)).to.equal(true);
    }
    expect(new Set(images.map((path) => digest(files.get(path)!))).size).to.equal(images.length);
  });

  it("counts categories by image appearance, and has the same rows as a table", () => {
    const statistics = parsed<Record<string, number>>(files, "data/stats/statistics.json");
    const listed = Object.values(pairs).flatMap(({ category_1, category_2 }) => [...category_1, ...category_2]);
    expect(Object.values(statistics).reduce((sum, count) => sum + count, 0)).to.equal(listed.length);
    for (const [name, count] of Object.entries(statistics))
      expect(listed.filter((category) => category === name)).to.have.lengthOf(count);
    const [header, ...rows] = new TextDecoder().decode(files.get("data/dataset.csv")).trimEnd().split("\n");
    expect(header).to.equal(`,id,${FIELDS}`);
    expect(rows).to.have.lengthOf(6);
    rows.forEach((row, i) => expect(row.startsWith(`${i},${10_001 + i},${pairs[10_001 + i].im_1},`)).to.equal(true));
  });

  it("records how the pairs were mined", () => {
    type Report = { wanted: number; found: number; thresholds: object; pairs: Record<string, { change: string }> };
    const report = parsed<Report>(files, "data/stats/mining.json");
    expect([report.wanted, report.found]).to.deep.equal([6, 6]);
    expect(Object.keys(report.thresholds)).to.include.members(["ct kind", "histology severity"]);
    expect(Object.keys(report.pairs)).to.deep.equal(Object.keys(pairs));
    for (const { change } of Object.values(report.pairs))
      expect(change).to.match(/^\w+ (kind|count|size|severity|presence)$/);
  });

  it("is the same bytes for one seed, and has no image in common with another", async () => {
    const again = await exportFiles(mediconfusion, options);
    expect([...again].map(([path, bytes]) => [path, digest(bytes)])).to.deep.equal(
      [...files].map(([path, bytes]) => [path, digest(bytes)]),
    );
    const known = new Set([...files.values()].map(digest));
    for (const [path, bytes] of await exportFiles(mediconfusion, { ...options, seed: 1 }))
      if (path.endsWith(".png")) expect(known.has(digest(bytes)), path).to.equal(false);
  });

  it("says what is missing without an encoder", async () => {
    const error = await exportFiles(mediconfusion, { seed: 0, counts }).catch((error) => error);
    expect(error).to.be.instanceOf(EncoderMissingError);
    expect(error.message).to.contain("encode");
  });
});

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
