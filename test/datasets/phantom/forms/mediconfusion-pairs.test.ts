import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { ConfusionPair } from "../../../../datasets/confusion-pair.ts";
import { decodeRgb } from "../../../../datasets/image.ts";
import { phantomConfusionPairs } from "../../../../datasets/phantom/forms/mediconfusion-pairs.ts";
import { mediconfusion, type MediconfusionRecord } from "../../../../datasets/phantom/forms/mediconfusion.ts";
import { exportFiles, parsed } from "./export-files.ts";
import { gridEncoder } from "./grid-encoder.ts";

describe("phantomConfusionPairs", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "medke-pairs-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("gives the pairs of the export, with pictures that can be opened", async () => {
    const pairs: ConfusionPair[] = [];
    for await (const pair of phantomConfusionPairs({ encode: gridEncoder, seed: 3, count: 6, folder }))
      pairs.push(pair);
    const counts = { test: 6 };
    const files = await exportFiles(mediconfusion, { seed: 3, counts, encode: gridEncoder });
    const records = Object.values(parsed<Record<string, MediconfusionRecord>>(files, "data/dataset.json"));
    expect(pairs).to.have.lengthOf(6);
    for (const [i, pair] of pairs.entries()) {
      const record = records[i];
      expect(pair.question).to.equal(record.question);
      expect(pair.options).to.deep.equal([record.option_A, record.option_B]);
      expect(pair.answers).to.deep.equal([record.im_1_correct, record.im_2_correct]);
      expect(pair.captions).to.deep.equal([record.cap_1, record.cap_2]);
      expect(pair.draft.options).to.deep.equal([record.AI_option_A, record.AI_option_B]);
      const exported = join(folder, "exported.png");
      await writeFile(exported, files.get(record.im_2)!);
      const shown = await decodeRgb(pair.images[1]);
      expect(Buffer.from(shown.data).equals(Buffer.from((await decodeRgb({ id: "x", path: exported })).data))).to.equal(
        true,
      );
    }
  });
});
