import { expect } from "chai";
import sharp from "sharp";
import { jpeg2000, jpegLs } from "./codec-encoders.ts";
import * as dicom from "./dicom-file.ts";
import { type Attributes, colourImage, dicomFile, eightBits, greyImage } from "./dicom-file.ts";
import { jpegLossless } from "./jpeg-lossless.ts";
import { greyOf, scratchImages } from "./scratch-images.ts";

const words = (values: number[]) => Buffer.from(Uint16Array.from(values, (value) => value & 0xffff).buffer);
const rescaled: Attributes = { "00281052": ["DS", "-1024"], "00281053": ["DS", "1"] };
const window = (center: string, width: string, shape?: string): Attributes => ({
  "00281050": ["DS", center],
  "00281051": ["DS", width],
  ...(shape && { "00281056": ["CS", shape] }),
});
const grey = (values: number[], more: Attributes = {}, syntax?: string) =>
  dicomFile({ syntax, attributes: greyImage(values.length, 1, more), pixels: words(values) });

describe("DICOM: grey levels", () => {
  const { decode } = scratchImages();

  it("rescales to the modality's units and applies the file's window by the formula of the standard", async () => {
    // PS3.3 C.11.2.1.2.1 with centre 40 and width 400: black up to -160, white above 239.
    const units = [-1000, -160, -159, 40, 239, 240, 3000];
    const image = await decode(
      grey(
        units.map((value) => value + 1024),
        { ...rescaled, ...window("40", "400") },
      ),
    );
    const level = (x: number) => Math.round(Math.min(1, Math.max(0, (x - 39.5) / 399 + 0.5)) * 255);
    expect(greyOf(image)).to.deep.equal(units.map(level));
    expect(image.decoding.window).to.deep.equal({ center: 40, width: 400, function: "linear", source: "file" });
    expect(image.decoding.storage).to.equal("explicit little endian; MONOCHROME2; 16 of 16 bits, unsigned");
  });

  it("follows the curves that files may name instead of a line", async () => {
    const exact = await decode(grey([0, 100, 200], window("100", "200", "LINEAR_EXACT")));
    expect(greyOf(exact)).to.deep.equal([0, 128, 255]);
    const sigmoid = await decode(grey([0, 100, 200], window("100", "200", "SIGMOID")));
    expect(greyOf(sigmoid)).to.deep.equal(
      [0, 100, 200].map((x) => Math.round(255 / (1 + Math.exp((-4 * (x - 100)) / 200)))),
    );
  });

  it("shows MONOCHROME1 inverted", async () => {
    const values = [0, 64, 255];
    const attributes = greyImage(3, 1, { ...eightBits, "00280004": ["CS", "MONOCHROME1"] });
    const image = await decode(dicomFile({ attributes, pixels: Uint8Array.from([...values, 0]), vr: "OB" }));
    expect(greyOf(image)).to.deep.equal(values.map((value) => 255 - value));
  });

  it("records where the window came from when the file states none or another one is chosen", async () => {
    const file = grey([100, 200, 300]);
    const least = await decode(file);
    expect(greyOf(least)).to.deep.equal([0, 128, 255]);
    expect(least.decoding.window).to.deep.equal({
      center: 200,
      width: 200,
      function: "linear-exact",
      source: "min-max",
    });
    const chosen = await decode(grey([100, 200, 300], window("0", "10")), { window: { center: 200, width: 201 } });
    expect(greyOf(chosen), "by the file's curve").to.deep.equal([1, 128, 255]);
    expect(chosen.decoding.window).to.include({ center: 200, width: 201, source: "chosen" });
    expect((await decode(file, { window: "percentile" })).decoding.window).to.include({ source: "percentile" });
    const eight = dicomFile({ attributes: greyImage(2, 1, eightBits), pixels: Uint8Array.of(10, 20), vr: "OB" });
    expect(greyOf(await decode(eight)), "eight bits without units are levels already").to.deep.equal([10, 20]);
  });

  it("leaves padding out of the smallest and largest value", async () => {
    const image = await decode(grey([0, 1000, 2000], { "00280120": ["US", 0] }));
    expect(greyOf(image)).to.deep.equal([0, 0, 255]);
  });

  it("reads signed samples, and 12 bits beside an overlay bit", async () => {
    const signed = await decode(grey([-100, 0, 100], { "00280103": ["US", 1] }));
    expect(greyOf(signed)).to.deep.equal([0, 128, 255]);
    const twelve: Attributes = { "00280101": ["US", 12], "00280102": ["US", 11], ...window("2048", "4096") };
    expect(greyOf(await decode(grey([0x8000, 0x8fff, 0x0fff], twelve)))).to.deep.equal([0, 255, 255]);
    const negative = await decode(grey([0x0fff, 0, 1], { ...twelve, "00280103": ["US", 1], ...window("0.5", "2") }));
    expect(greyOf(negative)).to.deep.equal([0, 128, 255]);
  });

  it("goes through the modality table and the table of interest, of 8 and 16 bits", async () => {
    const modality: Attributes = {
      "00283000": [
        "SQ",
        [{ "00283002": ["US", [4, 10, 16]], "00283004": ["LO", "US"], "00283006": ["US", [0, 5, 7, 9]] }],
      ],
    };
    const interest: Attributes = {
      "00283010": [
        "SQ",
        [{ "00283002": ["US", [10, 0, 8]], "00283006": ["OW", Uint8Array.from([9, 1, 2, 3, 4, 50, 6, 70, 8, 90])] }],
      ],
    };
    const image = await decode(grey([9, 10, 11, 12, 13, 99], { ...modality, ...interest }));
    expect(greyOf(image)).to.deep.equal([9, 9, 50, 70, 90, 90]);
    expect(image.decoding.window).to.deep.equal({ source: "file", table: { entries: 10 } });
    const deep: Attributes = {
      "00283010": ["SQ", [{ "00283002": ["US", [3, 1, 12]], "00283006": ["US", [0, 2048, 4095]] }]],
    };
    expect(greyOf(await decode(grey([0, 1, 2, 3, 4], deep)))).to.deep.equal([0, 0, 128, 255, 255]);
    const chosen = await decode(grey([9, 13], { ...modality, ...interest }), { window: "min-max" });
    expect(greyOf(chosen), "a chosen window goes before the table").to.deep.equal([0, 255]);
  });

  it("finds the window of each frame of an enhanced object", async () => {
    const perFrame = (center: string): Attributes => ({ "00289132": ["SQ", [window(center, "2")]] });
    const attributes = greyImage(2, 1, {
      "00280008": ["IS", "2"],
      "52009229": ["SQ", [{ "00289145": ["SQ", [rescaled]] }]],
      "52009230": ["SQ", [perFrame("-1023"), perFrame("-1000")]],
    });
    const file = dicomFile({ attributes, pixels: words([0, 1, 24, 25]) });
    for (const frame of [0, 1]) {
      const image = await decode(file, { frame });
      expect(image.decoding.window, `frame ${frame}`).to.include({ center: [-1023, -1000][frame], source: "file" });
      expect(image.decoding.frame).to.deep.equal({ index: frame, count: 2 });
    }
  });

  it("reads implicit, big-endian and deflated files to the same pixels", async () => {
    const values = [0, 300, 4000, 65535];
    const plain = greyOf(await decode(grey(values)));
    expect(plain).to.deep.equal([0, 1, 16, 255]);
    for (const syntax of [dicom.IMPLICIT, dicom.DEFLATED])
      expect(greyOf(await decode(grey(values, {}, syntax))), syntax).to.deep.equal(plain);
    const swapped = words(values).swap16();
    const big = dicomFile({ syntax: dicom.BIG_ENDIAN, attributes: greyImage(4, 1), pixels: swapped });
    expect(greyOf(await decode(big))).to.deep.equal(plain);
    const bytes = { ...greyImage(4, 1, eightBits) };
    const eight = dicomFile({ syntax: dicom.BIG_ENDIAN, attributes: bytes, pixels: Uint8Array.of(20, 10, 40, 30) });
    expect(greyOf(await decode(eight)), "8 bits in 16-bit words").to.deep.equal([10, 20, 30, 40]);
  });

  it("reads one-bit masks whose frames do not begin with a byte", async () => {
    const one: Attributes = {
      "00280100": ["US", 1],
      "00280101": ["US", 1],
      "00280102": ["US", 0],
      "00280008": ["IS", "2"],
    };
    const pixels = Uint8Array.of(0b11010_101, 0b0);
    const file = dicomFile({ attributes: greyImage(3, 1, one), pixels, vr: "OB" });
    expect(greyOf(await decode(file))).to.deep.equal([255, 0, 255]);
    expect(greyOf(await decode(file, { frame: 1 }))).to.deep.equal([0, 255, 0]);
  });

  it("says that text is burned into the pixels", async () => {
    expect((await decode(grey([1, 2], { "00280301": ["CS", "YES"] }))).decoding.notes.join()).to.contain("burned into");
  });
});

describe("DICOM: colour", () => {
  const { decode } = scratchImages();
  const pixels = [255, 0, 0, 0, 255, 0, 0, 0, 255, 12, 34, 56];

  it("reads RGB pixel by pixel and plane by plane", async () => {
    const file = (planar: number, bytes: number[]) =>
      dicomFile({
        attributes: colourImage(4, 1, "RGB", { "00280006": ["US", planar] }),
        pixels: Uint8Array.from(bytes),
        vr: "OB",
      });
    expect([...(await decode(file(0, pixels))).data]).to.deep.equal(pixels);
    const planes = [0, 1, 2].flatMap((c) => pixels.filter((_, i) => i % 3 === c));
    expect([...(await decode(file(1, planes))).data]).to.deep.equal(pixels);
  });

  it("turns luminance and chrominance to RGB, also where two pixels share chrominance", async () => {
    // Y Cb Cr of red, green and blue over the full range (ITU-R BT.601).
    const full = [76, 85, 255, 150, 44, 21, 29, 255, 107];
    const image = await decode(
      dicomFile({ attributes: colourImage(3, 1, "YBR_FULL"), pixels: Uint8Array.from([...full, 0]), vr: "OB" }),
    );
    [255, 0, 0, 0, 255, 0, 0, 0, 255].forEach((value, i) => expect(image.data[i], `${i}`).to.be.closeTo(value, 2));
    const shared = Uint8Array.of(76, 150, 85, 255);
    const pair = await decode(dicomFile({ attributes: colourImage(2, 1, "YBR_FULL_422"), pixels: shared, vr: "OB" }));
    expect(pair.data[0]).to.be.closeTo(254, 2);
    expect(pair.data[3], "brighter, in the same hue").to.equal(255);
    expect(pair.data[4] - pair.data[1]).to.be.closeTo(74, 2);
  });

  it("looks colours up in a palette of 16 bits", async () => {
    const table = (values: number[]): [string, number[]] => ["US", values];
    const descriptor: [string, number[]] = ["US", [3, 0, 16]];
    const attributes = greyImage(4, 1, {
      ...eightBits,
      "00280004": ["CS", "PALETTE COLOR"],
      "00281101": descriptor,
      "00281102": descriptor,
      "00281103": descriptor,
      "00281201": table([0xff00, 0, 0x1000]),
      "00281202": table([0, 0xff00, 0x2000]),
      "00281203": table([0, 0, 0x3000]),
    });
    const image = await decode(dicomFile({ attributes, pixels: Uint8Array.of(0, 1, 2, 9), vr: "OB" }));
    expect([...image.data]).to.deep.equal([255, 0, 0, 0, 255, 0, 16, 32, 48, 16, 32, 48]);
    expect(image.decoding.window).to.equal(undefined);
  });
});

describe("DICOM: compressed frames", () => {
  const { decode } = scratchImages();
  // As large as the five decompositions that the JPEG 2000 encoder makes.
  const [width, height] = [96, 64];
  const size = width * height;
  // Gradients with a step, so that predictors meet smooth and sharp parts.
  const deep = Array.from({ length: size }, (_, i) => (i * 37 + (i % width > 40 ? 900 : 0)) % 4096);
  const twelve: Attributes = { "00280101": ["US", 12], "00280102": ["US", 11], ...window("2048", "4096") };
  const colours = Uint8Array.from({ length: size * 3 }, (_, i) => (i * 5 + (i % 3) * 60) % 256);
  const greyInfo = { width, height, bitsPerSample: 12, componentCount: 1 };
  const colourInfo = { width, height, bitsPerSample: 8, componentCount: 3 };
  const compressed = (syntax: string, attributes: Attributes, ...fragments: Uint8Array[]) =>
    dicomFile({ syntax, attributes, pixels: { fragments } });
  const greyFile = (syntax: string, ...fragments: Uint8Array[]) =>
    compressed(syntax, greyImage(width, height, twelve), ...fragments);
  const colourFile = (syntax: string, ...fragments: Uint8Array[]) =>
    compressed(syntax, colourImage(width, height, "RGB"), ...fragments);
  let plain: number[];
  before(async () => {
    plain = greyOf(await decode(dicomFile({ attributes: greyImage(width, height, twelve), pixels: words(deep) })));
    expect(new Set(plain).size).to.be.above(150);
  });

  it("gives the pixels of the uncompressed file for JPEG 2000, JPEG-LS and JPEG lossless of 12 bits", async () => {
    const bytes = words(deep);
    expect(greyOf(await decode(greyFile(dicom.JPEG_2000, await jpeg2000(bytes, greyInfo))))).to.deep.equal(plain);
    expect(greyOf(await decode(greyFile(dicom.JPEG_LS, await jpegLs(bytes, greyInfo))))).to.deep.equal(plain);
    const lossless = jpegLossless(deep, width, height, 1, 12);
    expect(greyOf(await decode(greyFile(dicom.JPEG_LOSSLESS, lossless)))).to.deep.equal(plain);
  });

  it("gives the same colours for JPEG 2000, JPEG-LS in two interleavings and JPEG lossless", async () => {
    const planes = Uint8Array.from(colours, (_, i) => colours[(i % size) * 3 + Math.floor(i / size)]);
    const files = {
      "jpeg 2000": colourFile(dicom.JPEG_2000, await jpeg2000(colours, colourInfo)),
      "jpeg-ls, by pixel": colourFile(dicom.JPEG_LS, await jpegLs(colours, colourInfo, 2)),
      "jpeg-ls, by plane": colourFile(dicom.JPEG_LS, await jpegLs(planes, colourInfo, 0)),
      "jpeg lossless": colourFile(dicom.JPEG_LOSSLESS, jpegLossless(colours, width, height, 3, 8)),
    };
    for (const [name, file] of Object.entries(files))
      expect(Buffer.from((await decode(file)).data).equals(Buffer.from(colours)), name).to.equal(true);
  });

  it("undoes run-length encoding: copies, repeats and planes", async () => {
    const plane = (bytes: number[]) =>
      [...Array(Math.ceil(bytes.length / 128)).keys()].flatMap((i) => {
        const part = bytes.slice(i * 128, i * 128 + 128);
        return part.every((byte) => byte === part[0]) ? [257 - part.length, part[0]] : [part.length - 1, ...part];
      });
    const frame = (planes: number[][]) => {
      const packed = planes.map(plane);
      const header = new Uint32Array(16);
      header[0] = packed.length;
      packed.reduce((at, bytes, i) => ((header[i + 1] = at), at + bytes.length), 64);
      return Buffer.concat([Buffer.from(header.buffer), ...packed.map((bytes) => Buffer.from(bytes))]);
    };
    const sixteen = frame([deep.map((value) => value >> 8), deep.map((value) => value & 255)]);
    expect(greyOf(await decode(greyFile(dicom.RLE, sixteen)))).to.deep.equal(plain);
    const flat = [0, 1, 2].map((c) => Array<number>(size).fill(40 * (c + 1)));
    expect([...(await decode(colourFile(dicom.RLE, frame(flat)))).data.slice(0, 6)]).to.deep.equal([
      40, 80, 120, 40, 80, 120,
    ]);
  });

  it("decodes JPEG as libvips does, whatever the file says or leaves out about its colours", async () => {
    const source = sharp(Buffer.from(colours), { raw: { width, height, channels: 3 } });
    const jpeg = await source.clone().jpeg({ quality: 95 }).toBuffer();
    const expected = await sharp(jpeg).raw().toBuffer();
    const file = compressed(dicom.JPEG, colourImage(width, height, "YBR_FULL_422"), jpeg);
    expect(Buffer.from((await decode(file)).data).equals(expected)).to.equal(true);
    // libvips writes no JFIF marker, so the photometric interpretation decides: taken as RGB, the same bytes have other colours.
    expect(jpeg.includes("JFIF") || jpeg.includes("Adobe")).to.equal(false);
    const asRgb = await decode(compressed(dicom.JPEG, colourImage(width, height, "RGB"), jpeg));
    expect(Buffer.from(asRgb.data).equals(expected)).to.equal(false);
    // JFIF data are always luminance and chrominance, whatever the DICOM header calls them.
    const app0 = Buffer.from([0xff, 0xe0, 0, 16, ...Buffer.from("JFIF"), 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    const marked = Buffer.concat([jpeg.subarray(0, 2), app0, jpeg.subarray(2)]);
    const asJfif = await decode(compressed(dicom.JPEG, colourImage(width, height, "RGB"), marked));
    expect(Buffer.from(asJfif.data).equals(expected)).to.equal(true);
  });

  it("finds a frame by the offset table, one fragment each, or where images end", async () => {
    const frames = [deep, deep.map((value) => 4095 - value)];
    const streams = await Promise.all(frames.map((values) => jpegLs(words(values), greyInfo)));
    const even = streams.map((bytes) => (bytes.length % 2 ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes));
    const halves = even.flatMap((bytes) => [bytes.subarray(0, 100), bytes.subarray(100)]);
    const attributes = greyImage(width, height, { ...twelve, "00280008": ["IS", "2"] });
    const second = 8 + 100 + 8 + halves[1].length;
    for (const pixels of [{ fragments: even }, { fragments: halves, offsets: [0, second] }, { fragments: halves }]) {
      const file = dicomFile({ syntax: dicom.JPEG_LS, attributes, pixels });
      expect(greyOf(await decode(file))).to.deep.equal(plain);
      const other = greyOf(await decode(file, { frame: 1 }));
      other.forEach((value, i) => expect(value, `${i}`).to.be.closeTo(255 - plain[i], 1));
    }
  });
});
