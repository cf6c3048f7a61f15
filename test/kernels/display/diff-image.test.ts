import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { ImageUnreadableError } from "../../../datasets/image.ts";
import { diffImage } from "../../../kernels/display/diff-image.ts";

describe("diffImage", () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "medke-diff-"))));
  after(() => rm(folder, { recursive: true }));
  const put = async (name: string, bytes: Uint8Array) => {
    await writeFile(join(folder, name), bytes);
    return join(folder, name);
  };
  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: "rgb(120,60,30)" } });
  const failure = (path: string): Promise<Error> =>
    diffImage(path).then(
      () => expect.fail("expected a failure"),
      (error) => error,
    );

  it("scales to the longest side, keeps small images, and describes itself", async () => {
    const image = await diffImage(await put("wide.jpg", await plain(900, 300).jpeg().toBuffer()), { maxEdge: 300 });
    expect(image).to.include({ mime: "image/jpeg", width: 300, height: 100, alt: "Image wide.jpg, 300 by 100 pixels" });
    const small = await diffImage(await put("small.jpg", await plain(60, 40).jpeg().toBuffer()), { alt: "A tile" });
    expect(small).to.include({ width: 60, height: 40, alt: "A tile" });
  });

  it("enlarges a small image by a whole number where that is asked for, and keeps its pixels squares", async () => {
    const [black, white] = [
      [0, 0, 0],
      [255, 255, 255],
    ];
    const raw = { width: 2, height: 1, channels: 3 } as const;
    const two = await put(
      "two.png",
      await sharp(Uint8Array.from([...black, ...white]), { raw })
        .png()
        .toBuffer(),
    );
    const image = await diffImage(two, { enlargeTo: 7 });
    expect(image).to.include({ width: 6, height: 3 });
    const pixels = await sharp(Buffer.from(image.base64, "base64")).removeAlpha().raw().toBuffer();
    const row = [black, black, black, white, white, white].flat();
    expect([...pixels]).to.deep.equal([...row, ...row, ...row]);
    expect(await diffImage(two, { enlargeTo: 3 })).to.include({ width: 2, height: 1 });
  });

  it("keeps a PNG lossless", async () => {
    const image = await diffImage(await put("exact.png", await plain(8, 8).png().toBuffer()));
    const pixel = await sharp(Buffer.from(image.base64, "base64")).raw().toBuffer();
    expect(image.mime).to.equal("image/png");
    expect([...pixel.subarray(0, 3)]).to.deep.equal([120, 60, 30]);
  });

  it("turns an image upright by its EXIF flag and drops all metadata", async () => {
    const turned = await plain(80, 20)
      .withExif({ IFD0: { Artist: "someone" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const image = await diffImage(await put("turned.jpg", turned));
    expect([image.width, image.height]).to.deep.equal([20, 80]);
    const after = await sharp(Buffer.from(image.base64, "base64")).metadata();
    expect([after.orientation, after.exif]).to.deep.equal([undefined, undefined]);
  });

  it("names a corrupt and a truncated file and the next step", async () => {
    const good = await plain(200, 200).jpeg().toBuffer();
    for (const [name, bytes] of [
      ["corrupt.jpg", Buffer.from("\xff\xd8\xff\xe0 not a picture", "latin1")],
      ["cut.jpg", good.subarray(0, good.length / 2)],
    ] as const) {
      const error = await failure(await put(name, bytes));
      expect(error).to.be.instanceOf(ImageUnreadableError);
      expect(error.message).to.match(
        new RegExp(`^image "${name}": .*${name} \\(\\d+ bytes\\) cannot be decoded \\(.+\\)\\. Replace`),
      );
      expect(error.message.split("\n")).to.have.length(1);
    }
  });

  it("names a missing file", async () => {
    const error = await failure(join(folder, "gone.jpg"));
    expect(error.message).to.match(/^image "gone.jpg": .*gone.jpg does not exist\. Put the file there/);
  });
});
