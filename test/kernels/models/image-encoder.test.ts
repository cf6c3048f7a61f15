import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { openPictureEncoder } from "../../../kernels/commands/phantom/picture-encoder.ts";
import { type ImageEncoder, openImageEncoder } from "../../../kernels/models/image-encoder.ts";
import { ModelFolderError } from "../../../kernels/models/model-folder.ts";
import { float32 } from "../../../kernels/tensor.ts";
import { newFolder } from "../onnx/external-model.ts";
import { expectNear } from "../onnx/near.ts";
import { runGraph } from "../onnx/run-graph.ts";
import { IMAGE, WIDTH, writeTinyChat } from "./tiny-chat-model.ts";

const picture = (shade: number) => ({
  width: IMAGE,
  height: IMAGE,
  data: Uint8Array.from({ length: IMAGE * IMAGE * 3 }, (_, i) => (shade + 7 * i) % 256),
});

describe("openImageEncoder", () => {
  const folder = join(newFolder(), "tiny");
  const path = join(folder, "picture.png");
  let encoder: ImageEncoder;
  before(async () => {
    mkdirSync(folder);
    writeTinyChat(folder);
    const { data, ...size } = picture(0);
    await sharp(data, { raw: { ...size, channels: 3 } })
      .png()
      .toFile(path);
    encoder = await openImageEncoder(folder);
  });
  after(async () => {
    await encoder?.dispose();
    rmSync(join(folder, ".."), { recursive: true });
  });

  it("gives the features that the model's graph makes of the prepared image", async () => {
    const { data } = picture(0);
    // The processor's mean and deviation are 0.5.
    const pixels = Float32Array.from(data, (_, i) => {
      const [channel, at] = [Math.floor(i / IMAGE ** 2), i % IMAGE ** 2];
      return (data[3 * at + channel] / 255 - 0.5) / 0.5;
    });
    const graph = readFileSync(join(folder, "onnx", "vision_encoder.onnx"));
    const { image_features } = await runGraph(graph, { pixel_values: float32(pixels, [1, 3, IMAGE, IMAGE]) });
    const features = image_features.data as Float32Array;
    const rows = features.length / WIDTH;
    const encoded = await encoder.encode({ id: "a", path });
    expect(encoded).to.have.lengthOf(rows);
    for (const [row, values] of encoded.entries())
      expectNear(values, Array.from(features.subarray(row * WIDTH, (row + 1) * WIDTH)), "logits", `features ${row}`);
  });

  it("reads pictures that are no files yet, alike, and tells two of them apart", async () => {
    const pictures = await openPictureEncoder(folder);
    try {
      const first = await pictures.encode(picture(0));
      expect(first).to.deep.equal(await encoder.encode({ id: "a", path }));
      expect(await pictures.encode(picture(0))).to.deep.equal(first);
      expect(await pictures.encode(picture(90))).to.not.deep.equal(first);
    } finally {
      await pictures.dispose();
    }
  });

  it("names a folder that holds no model", async () => {
    const error = await openImageEncoder(join(folder, "onnx")).catch((error) => error);
    expect(error).to.be.instanceOf(ModelFolderError);
  });
});
