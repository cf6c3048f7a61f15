import { createHash } from "node:crypto";
import { expect } from "chai";
import sharp from "sharp";
import { fgvedit, type FgveditJson } from "../../../../datasets/phantom/forms/fgvedit.ts";
import { CancelledError } from "../../../../kernels/errors.ts";
import { exportFiles, parsed } from "./export-files.ts";
import { wording } from "./wording.ts";

const counts = { train: 24, validation: 18, test: 18 };
const JSON_FILES = ["train_data", "validation_data", "test_data"].map((name) => `data/FGVEdit/${name}.json`);

describe("phantom fgvedit export", () => {
  let files: Map<string, Uint8Array>;
  const splits = () => JSON_FILES.map((path) => parsed<FgveditJson[]>(files, path));
  before(async () => (files = await exportFiles(fgvedit, { seed: 0, counts })));

  it("has at least 2,000 records when nothing else is asked for", () => {
    expect(Object.values(fgvedit.counts).reduce((sum, count) => sum + count, 0)).to.be.at.least(2000);
  });

  it("has the published fields, each a string, and one image for each record", async () => {
    expect(splits().map(({ length }) => length)).to.deep.equal([24, 18, 18]);
    const records = splits().flat();
    for (const record of records) {
      expect(Object.keys(record).join()).to.equal(
        "image,src,alt,rephrase,fg_gen_q,fg_gen_a,fg_loc_q,fg_loc_a,loc,loc_ans",
      );
      for (const [field, value] of Object.entries(record)) expect(value, field).to.be.a("string").that.is.not.empty;
      const { width, height, format, channels } = await sharp(files.get(`data/images/${record.image}`)).metadata();
      expect({ width, height, format, channels }).to.deep.equal({
        width: 128,
        height: 128,
        format: "png",
        channels: 3,
      });
      const { src, rephrase, fg_gen_q, fg_loc_q, loc } = record;
      expect(new Set([src, rephrase, fg_gen_q, fg_loc_q, loc]).size).to.equal(5);
    }
    expect(files.size).to.equal(JSON_FILES.length + records.length);
    expect(new Set(records.map(({ image }) => image)).size).to.equal(records.length);
  });

  it("shares no image and no wording between splits", () => {
    const digests = [...files].filter(([path]) => path.endsWith(".png")).map(([, bytes]) => digest(bytes));
    expect(new Set(digests).size).to.equal(digests.length);
    for (const fields of [["src", "fg_loc_q"], ["rephrase"], ["loc"]] as const) {
      const used = splits().map((split) => new Set(split.flatMap((row) => fields.map((field) => wording(row[field])))));
      used.forEach((own, i) =>
        used.slice(i + 1).forEach((other) => expect([...own].filter((text) => other.has(text))).to.deep.equal([])),
      );
    }
  });

  it("is the same bytes for one seed, and has no image in common with another", async () => {
    const few = { train: 4, validation: 2, test: 3 };
    const again = await exportFiles(fgvedit, { seed: 0, counts: few });
    for (const [path, bytes] of again)
      if (path.endsWith(".png")) expect(digest(bytes), path).to.equal(digest(files.get(path)!));
    const twice = await exportFiles(fgvedit, { seed: 0, counts: few });
    expect([...twice].map(([path, bytes]) => [path, digest(bytes)])).to.deep.equal(
      [...again].map(([path, bytes]) => [path, digest(bytes)]),
    );
    const other = await exportFiles(fgvedit, { seed: 1, counts: few });
    const known = new Set([...files.values()].map(digest));
    for (const [path, bytes] of other) expect(known.has(digest(bytes)), path).to.equal(false);
  });

  it("stops between two records when it is cancelled", async () => {
    const stop = new AbortController();
    const options = { seed: 0, counts, signal: stop.signal, onProgress: () => stop.abort() };
    const error = await exportFiles(fgvedit, options).catch((error) => error);
    expect(error).to.be.instanceOf(CancelledError);
  });
});

const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
