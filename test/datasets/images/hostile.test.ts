import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { deflateRawSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { type DecodedImage, ImageUnreadableError } from "../../../datasets/image.ts";
import { inImageThread } from "../../../datasets/images/thread/image-thread.ts";
import { random } from "../../../kernels/random.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { jpeg2000, jpegLs } from "./codec-encoders.ts";
import * as dicom from "./dicom-file.ts";
import { type Attributes, colourImage, dicomFile, eightBits, encode, greyImage } from "./dicom-file.ts";
import { jpegLossless } from "./jpeg-lossless.ts";
import { niftiFile } from "./nifti-file.ts";
import { scratchImages } from "./scratch-images.ts";

const MB = 1e6;

describe("hostile DICOM files", () => {
  const { refusal } = scratchImages();
  const pixels = Buffer.alloc(32);
  const changed = (more: Attributes, syntax?: string) =>
    dicomFile({ syntax, attributes: greyImage(4, 4, more), pixels });

  it("are refused with what is wrong and what to do", async () => {
    const compressed = (syntax: string, ...fragments: Uint8Array[]) =>
      dicomFile({ syntax, attributes: greyImage(64, 64, eightBits), pixels: { fragments } });
    const info = { width: 64, height: 64, bitsPerSample: 8, componentCount: 1 };
    const ls = await jpegLs(new Uint8Array(4096), info);
    const wide = Buffer.from(ls);
    wide.writeUInt32BE(0xffffffff, wide.indexOf(Buffer.from([0xff, 0xf7])) + 5);
    const corpus: [what: string, file: Buffer, message: string][] = [
      ["65,535 x 65,535 pixels", changed({ "00280010": ["US", 65535], "00280011": ["US", 65535] }), "pixel limit"],
      ["no rows", changed({ "00280010": ["US", 0] }), "4 x 0 pixels"],
      ["3 samples of grey", changed({ "00280002": ["US", 3] }), "MONOCHROME2 with 3 samples"],
      ["7 bits allocated", changed({ "00280100": ["US", 7] }), "7 bits allocated"],
      ["40 bits stored of 16", changed({ "00280101": ["US", 40] }), "40 bits stored up to bit 15"],
      ["a high bit outside", changed({ "00280102": ["US", 16] }), "up to bit 16"],
      ["-3 frames", changed({ "00280008": ["IS", "-3"] }), "-3 frames"],
      ["unknown colours", changed({ "00280004": ["CS", "SECRET"] }), "its photometric interpretation is none of"],
      ["too few pixels", changed({ "00280010": ["US", 400] }), "cut short: 32 bytes"],
      [
        "a modality table without data",
        changed({ "00283000": ["SQ", [{ "00283002": ["US", [9, 0, 16]] }]] }),
        "lookup table",
      ],
      ["an unknown transfer syntax", changed({}, "1.2.3"), "transfer syntax 1.2.3 is none that is read"],
      ["no pixel data", dicomFile({ attributes: greyImage(4, 4) }), "no pixel data"],
      ["no fragments", compressed(dicom.JPEG_LS), "0 fragments for 1 frames"],
      ["a frame that is no JPEG", compressed(dicom.JPEG_LS, Buffer.alloc(40, 7)), "no header"],
      ["a frame of another size", compressed(dicom.JPEG_LS, wide), "exceed the pixel limit"],
      ["half a JPEG-LS frame", compressed(dicom.JPEG_LS, ls.subarray(0, ls.length / 2)), "Replace the file"],
      ["half a run-length frame", compressed(dicom.RLE, Buffer.alloc(64)), "run-length segments"],
      ["a cut file", changed({}).subarray(0, -5), "not a whole DICOM file"],
      ["a cut header", changed({}).subarray(0, 160), "not a whole DICOM file"],
    ];
    for (const [what, file, message] of corpus) {
      const text = await refusal(file);
      expect(text, what).to.contain(message);
      expect(text, what).to.match(/^image "image-\d+": .*image-\d+ \(\d+ bytes\) cannot be decoded \(.+\)\. \w/);
    }
    expect(await refusal(changed({ "00280008": ["IS", "1000000000"] }), { frame: 999_999_999 })).to.contain(
      "cut short",
    );
  });

  it("may nest sequences deeply, or leave them without an end", async () => {
    const open = Buffer.from("08001111" + "5351" + "0000" + "ffffffff" + "feff00e0" + "ffffffff", "hex");
    const head = dicomFile({ attributes: {} });
    const deep = Buffer.concat([head, ...Array<Buffer>(50_000).fill(open)]);
    expect(await refusal(deep)).to.match(/nested too deeply|not a whole DICOM file/);
    const endless = Buffer.concat([head, open, encode(greyImage(4, 4), true, true)]);
    expect(await refusal(endless)).to.match(/not a whole DICOM file|no pixel data/);
  });

  it("end the thread, not the process, where attributes would fill its memory", async () => {
    const item = Buffer.from("feff00e000000000", "hex");
    const items = Buffer.alloc(32 * MB, item);
    const header = Buffer.from("08001111" + "5351" + "0000", "hex");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(items.length);
    const file = Buffer.concat([dicomFile({ attributes: {} }), header, length, items]);
    const before = process.memoryUsage().heapUsed;
    expect(await refusal(file)).to.match(/need more than \d+ MB of memory|did not end within 60 s/);
    expect(process.memoryUsage().heapUsed - before).to.be.below(300 * MB);
  }).timeout(300_000);

  it("do not inflate without bound", async () => {
    const head = dicomFile({ syntax: dicom.DEFLATED, attributes: {} });
    const meta = head.subarray(0, head.length - deflateRawSync(Buffer.alloc(0)).length);
    const block = Buffer.alloc(64 * MB);
    const bomb = Buffer.concat([meta, deflateRawSync(Buffer.concat([block, block]))]);
    expect(bomb.length).to.be.below(MB);
    expect(await refusal(bomb)).to.match(/not a whole DICOM file|no pixel data|did not end within 60 s/);
  });

  it("cannot hold a decoder longer than its time, and the next file finds a new thread", async () => {
    const info = { width: 512, height: 512, bitsPerSample: 8, componentCount: 1 };
    const noise = Uint8Array.from({ length: 512 * 512 }, (_, i) => (i * 2654435761) >>> 24);
    const bytes = await jpeg2000(noise, info);
    const job = { kind: "jpeg-2000" as const, bytes, rows: 512, columns: 512, samplesPerPixel: 1 };
    const error = await inImageThread(job, 1).then(
      () => undefined,
      (cause: Error) => cause,
    );
    expect(error?.message).to.equal("the decoder did not end within 0.001 s");
    expect((await inImageThread(job)).bytes.length).to.equal(512 * 512);
  });
});

describe("hostile NIfTI files", () => {
  const { refusal, decode } = scratchImages();
  const small = () => niftiFile({ size: [2, 3, 4], values: Array(24).fill(1) });
  const patched = (change: (bytes: Buffer) => void) => {
    const bytes = small();
    change(bytes);
    return bytes;
  };

  it("are refused with what is wrong and what to do", async () => {
    const corpus: [what: string, file: Buffer, message: string][] = [
      ["negative size", patched((b) => b.writeInt16LE(-2, 42)), "-2 x 3 x 4 voxels"],
      ["no voxels", patched((b) => b.writeInt16LE(0, 44)), "2 x 0 x 4 voxels"],
      ["300 dimensions", patched((b) => b.writeInt16LE(300, 40)), "Replace the file"],
      ["32,767 cubed", patched((b) => [42, 44, 46].forEach((at) => b.writeInt16LE(32767, at))), "exceeds the limit"],
      ["complex numbers", patched((b) => b.writeInt16LE(32, 70)), "data type 32"],
      ["data before the header", patched((b) => b.writeFloatLE(-8, 108)), "begin at byte -8"],
      ["data far away", patched((b) => b.writeFloatLE(1e30, 108)), "begin at byte"],
      ["one half of a pair", patched((b) => b.write("ni1", 344)), "the header of a pair"],
      ["no direction", patched((b) => b.fill(0, 280, 328)), "no direction"],
      ["cut data", small().subarray(0, 360), "cut short: 8 of the 24 bytes"],
      ["a cut header", small().subarray(0, 347), "it is no PNG"],
      ["cut gzip", gzipSync(small()).subarray(0, 60), "Replace the file"],
      ["gzip of something else", gzipSync(Buffer.alloc(5000, 7)), "a gzip file whose content is no NIfTI volume"],
      ["gzip of nothing", gzipSync(Buffer.alloc(0)), "no NIfTI volume"],
    ];
    for (const [what, file, message] of corpus) expect(await refusal(file), what).to.contain(message);
  });

  it("whose orientation holds no numbers open as files without one do", async () => {
    const image = await decode(patched((b) => [280, 300, 320].forEach((at) => b.writeFloatLE(NaN, at))));
    expect(image.decoding.notes.join()).to.contain("does not state its orientation");
  });

  it("are unpacked no further than the chosen volume", async () => {
    const bomb = gzipSync(Buffer.concat([small(), Buffer.alloc(600 * MB)]));
    expect(bomb.length).to.be.below(MB);
    const before = process.memoryUsage();
    await decode(bomb);
    const after = process.memoryUsage();
    expect(after.arrayBuffers + after.external - before.arrayBuffers - before.external).to.be.below(100 * MB);
    const far = patched((b) => {
      b.writeInt16LE(7, 40);
      [48, 50, 52].forEach((at) => b.writeInt16LE(32767, at));
    });
    expect(await refusal(gzipSync(far), { volume: 32767 ** 3 - 1 })).to.contain("above the limit");
  });
});

/** Overwrites a few bytes, most of them near the beginning, where headers are. */
function damaged(bytes: Buffer, seed: number): Buffer {
  const copy = Buffer.from(bytes);
  const draw = random(seed);
  for (let i = 0; i < 8; i++) copy[draw.below(i % 2 ? copy.length : Math.min(copy.length, 2000))] = draw.below(256);
  return seed % 3 === 0 ? copy.subarray(0, draw.below(copy.length)) : copy;
}

/** Decodes damaged copies: each opens, at a size that its pixels have, or is refused by the typed error. */
async function survive(name: string, bytes: Buffer, copies: number, decode: (bytes: Buffer) => Promise<DecodedImage>) {
  let refused = 0;
  for (let seed = 0; seed < copies; seed++)
    await decode(damaged(bytes, seed)).then(
      ({ width, height, data }) => expect(data.length, `${name}, seed ${seed}`).to.equal(width * height * 3),
      (error) => {
        expect(error, `${name}, seed ${seed}`).to.be.instanceOf(ImageUnreadableError);
        refused++;
      },
    );
  return refused;
}

describe("damaged bytes", () => {
  const { decode } = scratchImages();

  it("of every codec give pixels or the typed error, and nothing else", async () => {
    const [width, height] = [64, 64];
    const noise = Uint8Array.from({ length: width * height }, (_, i) => (i * 2654435761) >>> 24);
    const info = { width, height, bitsPerSample: 8, componentCount: 1 };
    const streams = {
      [dicom.JPEG_2000]: await jpeg2000(noise, info),
      [dicom.JPEG_LS]: await jpegLs(noise, info),
      [dicom.JPEG_LOSSLESS]: jpegLossless(noise, width, height, 1, 8),
    };
    for (const [syntax, stream] of Object.entries(streams)) {
      const file = (bytes: Buffer) =>
        dicomFile({ syntax, attributes: greyImage(width, height, eightBits), pixels: { fragments: [bytes] } });
      await survive(syntax, stream, 6, (bytes) => decode(file(bytes)));
    }
    const colour = dicomFile({ attributes: colourImage(8, 8, "RGB"), pixels: new Uint8Array(192), vr: "OB" });
    expect(await survive("RGB", colour, 40, decode)).to.be.above(5);
    expect(await survive("NIfTI", niftiFile({ size: [9, 9, 9], values: Array(729).fill(3) }), 40, decode)).to.be.above(
      5,
    );
  }).timeout(300_000);
});

describeWithShared("damaged real images", ["images"], () => {
  const { decode } = scratchImages();

  it("give pixels or the typed error, each in five states of damage", async () => {
    let refused = 0;
    for (const folder of ["cxr", "dicom", "fundus", "histology", "nifti", "ultrasound"])
      for (const name of readdirSync(shared("images", folder)))
        refused += await survive(name, readFileSync(join(shared("images", folder), name)), 5, decode);
    expect(refused).to.be.above(40);
  }).timeout(600_000);
});
