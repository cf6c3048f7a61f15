import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { phantomQuestions, VQA_IMAGES } from "../../../../datasets/phantom/forms/vqa-questions.ts";
import { MODALITIES } from "../../../../datasets/phantom/world/vocabulary.ts";
import type { VqaRecord } from "../../../../datasets/vqa-record.ts";
import { all } from "../../scratch-files.ts";

describe("phantomQuestions", function () {
  this.timeout(60_000);
  let cache: string;
  const cacheBefore = process.env.XDG_CACHE_HOME;
  before(() => {
    cache = mkdtempSync(join(tmpdir(), "medke-phantom-vqa-"));
    process.env.XDG_CACHE_HOME = cache;
  });
  after(() => {
    if (cacheBefore === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = cacheBefore;
    rmSync(cache, { recursive: true });
  });
  let test: VqaRecord[];
  before(async () => void (test = await all(phantomQuestions({}))));

  it("asks open and closed questions about images of all modalities, each with its answer", () => {
    expect(test.length).to.be.within(4 * VQA_IMAGES.test, 5 * VQA_IMAGES.test);
    expect(new Set(test.map(({ modality }) => modality)).size).to.equal(MODALITIES.length);
    expect(new Set(test.map(({ image }) => image.id)).size).to.equal(VQA_IMAGES.test);
    expect(new Set(test.map(({ id }) => id)).size).to.equal(test.length);
    for (const { image, question, answer, split } of test) {
      expect(existsSync(image.path)).to.equal(true);
      expect(question).to.match(/\?$/);
      expect(answer).to.match(/^[a-z]+( [a-z]+){0,2}$/);
      expect(split).to.equal("test");
    }
    const closed = test.filter((record) => record.closed);
    expect(closed.length / test.length).to.be.within(0.25, 0.75);
    for (const { question, answer } of closed.filter(({ answer }) => answer !== "yes" && answer !== "no"))
      expect(question).to.contain(answer);
    for (const { question, answer, closed } of test) if (!closed) expect(question).not.to.contain(` ${answer} `);
  });

  it("gives the same for the same seed; other seeds and splits share no image", async () => {
    expect(await all(phantomQuestions({ split: "test" }))).to.deep.equal(test);
    const paths = new Set(test.map(({ image }) => image.path));
    for (const other of [phantomQuestions({ seed: 1 }), phantomQuestions({ split: "validation" })])
      for (const { image } of await all(other)) expect(paths.has(image.path)).to.equal(false);
  });
});
