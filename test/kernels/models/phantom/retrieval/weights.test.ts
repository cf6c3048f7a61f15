import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { measureRecall } from "../../../../../kernels/commands/train-phantom/measure-recall.ts";
import { TrainingLog } from "../../../../../kernels/commands/train-phantom/training-log.ts";
import { embeddedFolder } from "../../../../../kernels/models/embedded-models.ts";

describe("the retrieval encoder's committed weights", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "medke-recall-"))));
  after(() => rmSync(folder, { recursive: true }));

  it("find paraphrases, captions and second takings among others, far above chance", async () => {
    const log = new TrainingLog(join(folder, "log"), {
      isTTY: false,
      write: () => true,
    } as unknown as NodeJS.WriteStream);
    const rows = await measureRecall(embeddedFolder("phantom-retrieval"), { seed: 3, images: 24, log });
    const at1 = (what: string) => rows.find((row) => row.what === what)!.recall[0].share;
    expect(at1("text to text: facts of heads kept out of training")).to.be.above(0.9);
    expect(at1("text to text: questions about images")).to.be.above(0.9);
    expect(at1("image to caption")).to.be.above(0.8);
    expect(at1("image to another taking of the scene")).to.be.above(0.9);
  }).timeout(120_000);
});
