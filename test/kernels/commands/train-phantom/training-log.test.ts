import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "chai";
import { TrainingLog } from "../../../../kernels/commands/train-phantom/training-log.ts";

describe("the log of a training", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "medke-log-"))));
  after(() => rmSync(folder, { recursive: true }));

  function logged(name: string, isTTY: boolean): { file: string; shown: string } {
    const stream = Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream & PassThrough;
    const log = new TrainingLog(join(folder, name), stream);
    const step = (stage: string, number: number, steps: number, loss: number) =>
      log.step({ stage, step: number, steps, loss, lr: 1e-3, gradNorm: 1 });
    for (let i = 1; i <= 50; i++) step("vision", i, 60, i <= 25 ? 3 : 1);
    step("vision", 51, 60, 100);
    step("language", 1, 2, 5);
    step("language", 2, 2, 4);
    return { file: readFileSync(join(folder, name), "utf8"), shown: String(stream.read()) };
  }

  it("has a line every 50 steps and at a stage's end, with the mean loss since the last one of the same stage", () => {
    const lines = logged("a.log", false).file.trim().split("\n");
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 3).join("|"))).to.deep.equal([
      "vision|50/60|loss 2.0000",
      "language|2/2|loss 4.5000",
    ]);
  });

  it("rewrites one line on a terminal and shows only the log's lines elsewhere", () => {
    const plain = logged("b.log", false);
    expect(plain.shown).to.equal(plain.file);
    const live = logged("c.log", true);
    expect(live.shown.split("\r").length).to.be.above(50);
    expect(live.file).to.not.include("\r");
  });
});
