import { expect } from "chai";
import sharp from "sharp";
import { greyOf, scratchImages } from "./scratch-images.ts";

const raw = (width: number, height: number, channels: 1 | 3 | 4, pixels: number[]) =>
  sharp(Buffer.from(pixels), { raw: { width, height, channels } });
/** A greyscale PNG or TIFF of 16 bits. */
const deep = (values: number[], width: number) =>
  sharp(Uint16Array.from(values), { raw: { width, height: values.length / width, channels: 1 } }).toColourspace(
    "grey16",
  );

describe("images of libvips", () => {
  const { decode, refusal } = scratchImages();
  const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 40, 50, 60, 70, 80, 90];

  it("decodes PNG, WebP, TIFF and GIF to the same pixels, and names the format by content", async () => {
    const image = raw(3, 2, 3, pixels);
    const files = {
      png: await image.clone().png().toBuffer(),
      webp: await image.clone().webp({ lossless: true }).toBuffer(),
      tiff: await image.clone().tiff({ compression: "lzw" }).toBuffer(),
      gif: await image.clone().gif().toBuffer(),
    };
    for (const [format, file] of Object.entries(files)) {
      const decoded = await decode(file);
      expect(decoded.decoding.format).to.equal(format);
      expect([...decoded.data], format).to.deep.equal(pixels);
    }
  });

  it("applies each EXIF orientation, or leaves it aside when told so, and says which", async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const tagged = await raw(3, 2, 3, pixels).withMetadata({ orientation }).png().toBuffer();
      const upright = await sharp(tagged).rotate().raw().toBuffer({ resolveWithObject: true });
      const applied = await decode(tagged);
      expect([applied.width, applied.height], `${orientation}`).to.deep.equal([
        upright.info.width,
        upright.info.height,
      ]);
      expect([...applied.data], `${orientation}`).to.deep.equal([...upright.data]);
      expect([applied.width, applied.height]).to.deep.equal(orientation > 4 ? [2, 3] : [3, 2]);
      const ignored = await decode(tagged, { exifOrientation: "ignore" });
      expect([...ignored.data], `${orientation}`).to.deep.equal(pixels);
      if (orientation > 1) {
        expect(applied.decoding.orientation).to.equal(`EXIF orientation ${orientation}, applied`);
        expect(ignored.decoding.orientation).to.equal(`EXIF orientation ${orientation}, ignored`);
      } else expect(applied.decoding.orientation).to.equal(undefined);
    }
    // Orientation 6 of a JPEG: the camera was turned; the stored left column is the top row.
    const corner = await raw(2, 1, 3, [255, 255, 255, 0, 0, 0]).withMetadata({ orientation: 6 }).png().toBuffer();
    expect(greyOf(await decode(corner))).to.deep.equal([255, 0]);
  });

  it("turns the four inks of a CMYK JPEG into colours", async () => {
    const red = await sharp({ create: { width: 16, height: 16, channels: 3, background: "rgb(220,30,30)" } })
      .toColourspace("cmyk")
      .jpeg({ quality: 95 })
      .toBuffer();
    expect((await sharp(red).metadata()).space).to.equal("cmyk");
    const { data, decoding } = await decode(red);
    expect(decoding.storage).to.contain("cmyk; 4 channels");
    expect(data.length).to.equal(16 * 16 * 3);
    expect(data[0]).to.be.above(150);
    expect(data[1]).to.be.below(90);
    expect(data[2]).to.be.below(90);
  });

  it("spreads the bits that 16-bit greyscale uses, or what a window asks for, and records which", async () => {
    const full = await decode(await deep([0, 257, 32896, 65535], 2).png().toBuffer());
    expect(greyOf(full)).to.deep.equal([0, 1, 128, 255]);
    expect(full.decoding.window).to.deep.equal({
      center: 32767.5,
      width: 65535,
      function: "linear-exact",
      source: "depth",
    });
    const twelve = await deep([0, 1000, 2048, 4000], 4).png().toBuffer();
    expect(greyOf(await decode(twelve)), "of 4095").to.deep.equal([0, 62, 128, 249]);
    expect(greyOf(await decode(twelve, { window: "min-max" }))).to.deep.equal([0, 64, 131, 255]);
    const chosen = await decode(twelve, { window: { center: 1000, width: 100 } });
    expect(greyOf(chosen)).to.deep.equal([0, 128, 255, 255]);
    expect(chosen.decoding.window).to.include({ source: "chosen" });
    const tiff = await decode(await deep([0, 1000, 2048, 4000], 4).tiff({ compression: "lzw" }).toBuffer());
    expect(greyOf(tiff)).to.deep.equal([0, 62, 128, 249]);
  });

  it("refuses a TIFF of floating-point values, which would be clipped to 0 and 1", async () => {
    const tag = (id: number, type: number, value: number) => [id, type, 1, value];
    const entries = [
      ...[tag(256, 3, 2), tag(257, 3, 1), tag(258, 3, 32), tag(259, 3, 1), tag(262, 3, 1), tag(273, 4, 8)],
      ...[tag(277, 3, 1), tag(278, 3, 1), tag(279, 4, 8), tag(339, 3, 3)],
    ];
    const bytes = Buffer.alloc(8 + 8 + 2 + entries.length * 12 + 4);
    bytes.write("II*\0", "latin1");
    bytes.writeUInt32LE(16, 4);
    bytes.writeFloatLE(0.5, 8);
    bytes.writeFloatLE(900, 12);
    bytes.writeUInt16LE(entries.length, 16);
    entries.forEach(([id, type, count, value], i) => {
      const at = 18 + i * 12;
      bytes.writeUInt16LE(id, at);
      bytes.writeUInt16LE(type, at + 2);
      bytes.writeUInt32LE(count, at + 4);
      bytes.writeUInt32LE(value, at + 8);
    });
    expect((await sharp(bytes).metadata()).depth).to.equal("float");
    expect(await refusal(bytes))
      .to.contain("grey values of type float")
      .and.contain("Convert the file to 16-bit PNG");
  });

  it("uses a window on 8-bit greyscale when asked, and notes that colour has none", async () => {
    const grey = await raw(3, 1, 1, [100, 110, 120]).toColourspace("b-w").png().toBuffer();
    const plain = await decode(grey);
    expect(greyOf(plain)).to.deep.equal([100, 110, 120]);
    expect(plain.decoding.window).to.equal(undefined);
    expect(greyOf(await decode(grey, { window: "min-max" }))).to.deep.equal([0, 128, 255]);
    const colour = await decode(await raw(3, 2, 3, pixels).png().toBuffer(), { window: "min-max" });
    expect(colour.decoding.notes).to.deep.equal(["No window was used: the image is in colour."]);
  });

  it("opens the chosen page, and refuses one that is not there", async () => {
    const pages = [0, 200].map((level) => ({
      create: { width: 4, height: 3, channels: 3 as const, background: { r: level, g: 0, b: 0 } },
    }));
    const gif = await sharp(await Promise.all(pages.map((page) => sharp(page).png().toBuffer())), {
      join: { animated: true },
    })
      .gif()
      .toBuffer();
    const second = await decode(gif, { frame: 1 });
    expect([second.width, second.height, second.data[0]]).to.deep.equal([4, 3, 200]);
    expect(second.decoding.frame).to.deep.equal({ index: 1, count: 2 });
    expect(await refusal(gif, { frame: 2 })).to.match(/there is no frame 2: they go from 0 to 1\)\. Choose a frame/);
    expect(await refusal(await raw(3, 2, 3, pixels).png().toBuffer(), { frame: 1 })).to.contain("the only one is 0");
  });

  it("refuses drawings and what is no image", async () => {
    for (const text of [
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
      "%PDF-1.7",
      "no image",
      "\0\0\0\0",
    ])
      expect(await refusal(Buffer.from(text))).to.contain(
        "it is no PNG, JPEG, WebP, GIF, TIFF, AVIF, DICOM or NIfTI file",
      );
    expect(await refusal(Buffer.alloc(0))).to.contain("it is empty");
  });
});
