import { expect } from "chai";
import sharp from "sharp";
import { MODALITIES } from "../../../datasets/phantom/world/vocabulary.ts";
import { MIME_BUNDLE } from "../../../kernels/display/mime.ts";
import { phantomSheet } from "../../../kernels/display/phantom-sheet.ts";

describe("phantomSheet", () => {
  it("shows one picture of each modality, and says all of it in words, with what is invented first", async () => {
    const bundle = await phantomSheet()[MIME_BUNDLE]();
    const [title, ...tiles] = (bundle["text/plain"] as string).split("\n");
    expect(title).to.match(/invented\.$/);
    expect(tiles.map((line) => line.split(":")[0])).to.deep.equal([...MODALITIES]);
    for (const line of tiles) expect(line).to.match(/^\w+: .+\? \w+/);
    const { format, width, height } = await sharp(Buffer.from(bundle["image/png"] as string, "base64")).metadata();
    expect(format).to.equal("png");
    expect(width).to.equal(16 + 3 * (256 + 16));
    expect(height).to.be.above(2 * 256);
  });

  it("is the same for the same seed, and has as many rows as asked for", async () => {
    const [a, b, c] = await Promise.all(
      [{ seed: 3, rows: 1 }, { seed: 3, rows: 1 }, { seed: 4 }].map((options) => phantomSheet(options)[MIME_BUNDLE]()),
    );
    expect(a).to.deep.equal(b);
    expect((a["text/plain"] as string).split("\n")).to.have.length(1 + 3);
    expect(a["image/png"]).to.not.equal(c["image/png"]);
  });
});
