import { rmSync } from "node:fs";
import { join } from "node:path";
import { AutoImageProcessor, RawImage } from "@huggingface/transformers";
import { expect } from "chai";
import sharp from "sharp";
import { readModelFolder } from "../../../kernels/models/model-folder.ts";
import { openProcessor, processorImages } from "../../../kernels/models/processor.ts";
import { resize } from "../../../kernels/models/resize.ts";
import { newFolder } from "../onnx/external-model.ts";
import { expectNear } from "../onnx/near.ts";
import { IMAGE, writeTinyChat } from "./tiny-chat-model.ts";

describe("image preparation by transformers.js's processor", () => {
  let folder: string;
  before(() => writeTinyChat((folder = newFolder())));
  after(() => rmSync(folder, { recursive: true }));

  /** A chequered image: what antialiasing changes most. */
  const pixels = (side: number) =>
    Uint8Array.from({ length: side * side * 3 }, (_, i) => {
      const at = Math.floor(i / 3);
      return ((at % side) + Math.floor(at / side)) % 2 ? 255 - 10 * (i % 3) : 0;
    });

  async function prepared(side: number) {
    const path = join(folder, `${side}.png`);
    await sharp(pixels(side), { raw: { width: side, height: side, channels: 3 } })
      .png()
      .toFile(path);
    const { images } = await openProcessor(readModelFolder(folder));
    const { pixel_values } = await processorImages(images)({ id: `${side}`, path });
    const theirs = await AutoImageProcessor.from_pretrained(folder, { local_files_only: true });
    const plain = (await theirs(await RawImage.read(path))).pixel_values;
    expect(pixel_values.dims).to.deep.equal([1, 3, IMAGE, IMAGE]);
    return { ours: pixel_values.data as Float32Array, plain: plain.data as Float32Array };
  }

  it("is theirs, bit for bit, for an image at the model's size", async () => {
    const { ours, plain } = await prepared(IMAGE);
    expect(ours).to.deep.equal(plain);
  });

  it("resizes others with the filter that preprocessor_config.json names, antialiased, which theirs is not", async () => {
    const side = 3 * IMAGE;
    const { ours, plain } = await prepared(side);
    const small = resize(pixels(side), side, side, IMAGE, IMAGE, "bicubic");
    const wanted = Array.from({ length: small.length }, (_, i) => {
      const [channel, at] = [Math.floor(i / (IMAGE * IMAGE)), i % (IMAGE * IMAGE)];
      return (small[3 * at + channel] / 255 - 0.5) / 0.5;
    });
    expectNear(ours, wanted, "float32", "pixels");
    // Theirs takes single pixels of the pattern, black or white; antialiased it is grey.
    const spread = (values: Float32Array) => Math.max(...values) - Math.min(...values);
    expect(spread(ours)).to.be.below(0.5);
    expect(spread(plain)).to.be.above(1);
  });
});
