import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import sharp from "sharp";
import { decodeRgb, ImageUnreadableError, MAX_PIXELS } from "../../datasets/image.ts";
import { describeWithShared, shared } from "../shared-data.ts";

const failure = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error("expected a failure");
};

describe("decodeRgb", () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "medke-image-"))));
  after(() => rm(folder, { recursive: true }));
  const put = async (id: string, bytes: Uint8Array) => {
    await writeFile(join(folder, id), bytes);
    return { id, path: join(folder, id) };
  };
  const noise = (width: number, height: number, channels: 1 | 3 | 4) =>
    sharp(Buffer.from(Array.from({ length: width * height * channels }, (_, i) => (i * 7919) % 251)), {
      raw: { width, height, channels },
    });

  it("gives the exact pixels of a lossless image, row by row", async () => {
    const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90];
    const png = await sharp(Buffer.from(pixels), { raw: { width: 3, height: 2, channels: 3 } })
      .png()
      .toBuffer();
    const image = await decodeRgb(await put("exact.png", png));
    expect([image.width, image.height]).to.deep.equal([3, 2]);
    expect([...image.data]).to.deep.equal(pixels);
  });

  it("repeats greyscale on three channels and drops transparency", async () => {
    const grey = await decodeRgb(await put("grey.png", await noise(5, 4, 1).toColourspace("b-w").png().toBuffer()));
    expect(grey.data.length).to.equal(60);
    for (let i = 0; i < 60; i += 3)
      expect([grey.data[i + 1], grey.data[i + 2]]).to.deep.equal([grey.data[i], grey.data[i]]);
    expect((await decodeRgb(await put("alpha.png", await noise(5, 4, 4).png().toBuffer()))).data.length).to.equal(60);
  });

  it("scales 16-bit samples to 8 bits", async () => {
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: "rgb(200,100,50)" } })
      .toColourspace("rgb16")
      .png()
      .toBuffer();
    expect((await sharp(png).metadata()).depth).to.equal("ushort");
    expect([...(await decodeRgb(await put("deep.png", png))).data.slice(0, 3)]).to.deep.equal([200, 100, 50]);
  });

  it("names a missing file", async () => {
    const error = await failure(decodeRgb({ id: "gone.jpg", path: join(folder, "gone.jpg") }));
    expect(error).to.be.instanceOf(ImageUnreadableError);
    expect(error.message)
      .to.contain('image "gone.jpg"')
      .and.contain("does not exist")
      .and.contain("Put the file there");
  });

  it("refuses a JPEG that is cut short, at whatever length", async () => {
    const jpeg = await noise(64, 64, 3).jpeg().toBuffer();
    for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
      const cut = await put("cut.jpg", jpeg.subarray(0, Math.floor(jpeg.length * share)));
      const error = await failure(decodeRgb(cut));
      expect(error, `${share}`).to.be.instanceOf(ImageUnreadableError);
      expect(error.message).to.match(
        /^image "cut\.jpg": .*cut\.jpg \(\d+ bytes\) cannot be decoded \(.+\)\. Replace the file/,
      );
      expect(error.message).not.to.contain("\n");
    }
  });

  it("refuses a JPEG whose header was overwritten, and a text file", async () => {
    const jpeg = Buffer.from(await noise(64, 64, 3).jpeg().toBuffer());
    jpeg.fill(0x7f, 20, 400);
    for (const bytes of [jpeg, Buffer.from("<html>not found</html>")])
      expect(await failure(decodeRgb(await put("hurt.jpg", bytes)))).to.be.instanceOf(ImageUnreadableError);
  });

  it("refuses an image that claims more pixels than the limit", async () => {
    const side = Math.ceil(Math.sqrt(MAX_PIXELS)) + 100;
    const png = await noise(4, 4, 3).png().toBuffer();
    // The size in the header of a PNG, whose checksum the decoder looks at later.
    png.writeUInt32BE(side, 16);
    png.writeUInt32BE(side, 20);
    const error = await failure(decodeRgb(await put("huge.png", png)));
    expect(error).to.be.instanceOf(ImageUnreadableError);
    expect(error.message).to.contain("pixel limit");
  });
});

describeWithShared("decodeRgb on the VQA-RAD images", ["data/vqa-rad/images"], () => {
  it("decodes all 314 images", async () => {
    const folder = shared("data/vqa-rad/images");
    const names = readdirSync(folder);
    expect(names).to.have.length(314);
    for (const id of names) {
      const { width, height, data } = await decodeRgb({ id, path: join(folder, id) });
      expect(data.length, id).to.equal(width * height * 3);
      expect(width, id).to.be.within(256, 2321);
      expect(height, id).to.be.within(256, 1500);
    }
  });

  it("refuses most real images with 40 overwritten bytes in the middle, where the decoder can notice at all", async () => {
    const folder = shared("data/vqa-rad/images");
    const scratch = await mkdtemp(join(tmpdir(), "medke-image-"));
    let refused = 0;
    for (const id of readdirSync(folder).slice(0, 60)) {
      const bytes = await readFile(join(folder, id));
      for (let i = 0; i < 40; i++) bytes[(bytes.length >> 1) + i] = (i * 37) & 255;
      await writeFile(join(scratch, id), bytes);
      await decodeRgb({ id, path: join(scratch, id) }).catch(() => refused++);
    }
    await rm(scratch, { recursive: true });
    expect(refused).to.be.at.least(40);
  });

  it("refuses each of ten real images when its second half is missing", async () => {
    const folder = shared("data/vqa-rad/images");
    const scratch = await mkdtemp(join(tmpdir(), "medke-image-"));
    for (const id of readdirSync(folder).slice(0, 10)) {
      const bytes = await readFile(join(folder, id));
      await writeFile(join(scratch, id), bytes.subarray(0, bytes.length / 2));
      expect(await failure(decodeRgb({ id, path: join(scratch, id) })), id).to.be.instanceOf(ImageUnreadableError);
    }
    await rm(scratch, { recursive: true });
  });
});
