import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { medmkebRecord } from "../../../../datasets/phantom/forms/medmkeb-record.ts";
import { scenePng } from "../../../../datasets/phantom/forms/images.ts";
import { phantomCommand } from "../../../../kernels/commands/phantom/phantom.ts";
import { NoPairsError } from "../../../../kernels/commands/phantom/pair-tiles.ts";
import { UnknownNameError } from "../../../../kernels/errors.ts";
import { sampleScene } from "../../../../datasets/phantom/world/sample-scene.ts";
import { runCommand } from "../run-command.ts";

const run = (...args: string[]) => runCommand(phantomCommand, args);
const refused = (...args: string[]): Promise<Error> =>
  run(...args).then(
    () => expect.fail("expected a failure"),
    (error) => error,
  );

describe("medke phantom", () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "medke-phantom-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("exports a form, and says what it wrote as one document", async () => {
    const out = join(folder, "export");
    const summary = JSON.parse(
      await run("export", "--form", "medmkeb", "--out", out, "--seed", "9", "--limit", "1", "--json"),
    );
    expect(summary).to.include({ form: "medmkeb", seed: 9, out });
    expect(await readdir(join(out, "images"))).to.have.lengthOf(summary.images);
    const [train] = JSON.parse(await readFile(join(out, "data/train_data.json"), "utf8"));
    expect(train.src).to.equal(medmkebRecord("train", 9, 0).src);
    const text = join(folder, "text");
    expect(await run("export", "--form", "medversa", "--out", text, "--limit", "1")).to.match(
      /\nNext: medke evaluate --editor ft-llm --benchmark medversa --data .*text$/,
    );
  });

  it("offers the nearest name for an unknown form, modality and subcommand, and names what is missing", async () => {
    const form = await refused("export", "--form", "medmekb", "--out", folder);
    expect(form).to.be.instanceOf(UnknownNameError);
    expect(form.message).to.contain('unknown form "medmekb"; did you mean "medmkeb"?');
    expect((await refused("sheet", "--out", "a.png", "--modality", "fundos")).message).to.contain(
      'did you mean "fundus"?',
    );
    expect((await refused("sheet", "--out", folder)).message).to.contain(`--out: ${folder} cannot be written (EISDIR)`);
    expect((await refused("exprot")).message).to.contain('did you mean "export"?');
    expect((await refused()).message).to.contain("say what to do");
    expect((await refused("export", "--form", "medmkeb")).message).to.contain("--out is missing");
    expect((await refused("export", "--form", "medmkeb", "--out", folder, "--seed", "5000")).message).to.match(
      /seed 5000 is not a whole number from 0 to 4095/,
    );
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("draws a sheet of 18 images, the same for the same seed", async () => {
    const [a, b, c] = ["a.png", "b.png", "c.png"].map((name) => join(folder, name));
    expect(await run("sheet", "--out", a, "--modality", "histology", "--seed", "4")).to.equal(`wrote ${a}`);
    await run("sheet", "--out", b, "--modality", "histology", "--seed", "4");
    await run("sheet", "--out", c, "--modality", "histology", "--seed", "5");
    const { width, height } = await sharp(a).metadata();
    expect(width).to.equal(16 + 6 * (256 + 16));
    expect(height).to.be.above(3 * 256);
    expect((await readFile(a)).equals(await readFile(b))).to.equal(true);
    expect((await readFile(a)).equals(await readFile(c))).to.equal(false);
  });

  it("draws confusion pairs side by side, from the folder or the file", async () => {
    const pairs: Record<string, object> = {};
    for (let i = 0; i < 3; i++) {
      for (const j of [0, 1]) await writeFile(join(folder, `${i}-${j}.png`), await scenePng(sampleScene(10 * i + j)));
      pairs[10001 + i] = {
        ...{ im_1: `${i}-0.png`, im_2: `${i}-1.png`, question: "on which side is the glimmar?" },
        ...{ option_A: "left", option_B: "right", im_1_correct: "A", im_2_correct: "B" },
      };
    }
    const file = join(folder, "dataset.json");
    await writeFile(file, JSON.stringify(pairs));
    const out = join(folder, "pairs.png");
    expect(await run("sheet", "--out", out, "--pairs", file)).to.equal(`wrote ${out}`);
    const { width } = await sharp(out).metadata();
    expect(width).to.equal(16 + 2 * (2 * 256 + 4 + 16));
    const error = await refused("sheet", "--out", out, "--pairs", folder);
    expect(error).to.be.instanceOf(NoPairsError);
    expect(error.message).to.contain("medke phantom export --form mediconfusion");
  });
});
