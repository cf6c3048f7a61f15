import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import sharp from "sharp";
import { decodeRgb } from "../../../datasets/image.ts";
import { describeWithShared, shared } from "../../shared-data.ts";
import { greyOf } from "./scratch-images.ts";

const names = (folder: string) => readdirSync(shared("images", folder)).map((name) => join(folder, name));
const open = (name: string, options = {}) => decodeRgb({ id: name, path: shared("images", name) }, options);

/** Columns and rows as the headers of the files state them, read by another program; those of PNG and JPEG are libvips's. */
const SIZES: Record<string, [width: number, height: number]> = {
  "cxr/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm": [1024, 1024],
  "dicom/1-001.dcm": [512, 512],
  "dicom/CT_small.dcm": [128, 128],
  "dicom/examples_jpeg2k.dcm": [640, 480],
  "dicom/examples_overlay.dcm": [484, 300],
  "dicom/examples_rgb_color.dcm": [320, 240],
  "dicom/examples_ybr_color.dcm": [320, 240],
  "dicom/liver_1frame.dcm": [512, 512],
  "dicom/slicethickness_empty_string.dcm": [384, 384],
  "nifti/FLAIR.nii.gz": [124, 160],
  "nifti/MNI152_2009_template.nii.gz": [193, 229],
  "nifti/avg152T1_RL_nifti.nii.gz": [91, 109],
  "nifti/ct_perfusion.nii.gz": [256, 286],
  "nifti/inia19-t1-brain.nii.gz": [168, 206],
};

describeWithShared("decodeRgb on real medical images", ["images"], () => {
  it("opens every file, at the size that its header states, and not in one grey", async () => {
    const all = ["cxr", "dicom", "fundus", "histology", "nifti", "ultrasound"].flatMap(names);
    expect(all).to.have.length(32);
    for (const name of all) {
      const { width, height, data } = await open(name);
      const { width: columns, height: rows } = SIZES[name] ? {} : await sharp(shared("images", name)).metadata();
      expect([width, height], name).to.deep.equal(SIZES[name] ?? [columns, rows]);
      expect(data.length, name).to.equal(width * height * 3);
      expect(new Set(data).size, name).to.be.above(name.includes("liver") ? 1 : 40);
    }
  });

  it("decodes every PNG and JPEG to libvips's own pixels", async () => {
    for (const name of ["cxr", "fundus", "histology", "ultrasound"]
      .flatMap(names)
      .filter((file) => !file.endsWith("dcm"))) {
      const expected = await sharp(shared("images", name)).removeAlpha().toColourspace("srgb").raw().toBuffer();
      expect(Buffer.from((await open(name)).data).equals(expected), name).to.equal(true);
    }
  });

  it("shows the CT in Hounsfield units: bone above soft tissue above lung", async () => {
    // The samples are the last 32,768 bytes, 16-bit signed; the rescale intercept is -1024.
    const file = await readFile(shared("images/dicom/CT_small.dcm"));
    const at = file.lastIndexOf(Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x57])) + 12;
    const units = Array.from({ length: 128 * 128 }, (_, i) => file.readInt16LE(at + i * 2) - 1024);
    const image = await open("dicom/CT_small.dcm", { window: { center: 40, width: 400 } });
    const expected = units.map((hu) => Math.round(Math.min(1, Math.max(0, (hu - 39.5) / 399 + 0.5)) * 255));
    expect(greyOf(image)).to.deep.equal(expected);
  });

  it("decodes the frame of the chest radiograph as libvips decodes the JPEG in it", async () => {
    const name = "cxr/1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm";
    const file = await readFile(shared("images", name));
    const jpeg = file.subarray(
      file.indexOf(Buffer.from([0xff, 0xd8, 0xff])),
      file.lastIndexOf(Buffer.from([0xff, 0xd9])) + 2,
    );
    const expected = await sharp(jpeg).toColourspace("b-w").raw().toBuffer();
    expect(Buffer.from(greyOf(await open(name))).equals(expected)).to.equal(true);
  });

  it("tells apart the thirty frames of the ultrasound loop", async () => {
    const digests = new Set<string>();
    for (const frame of [0, 1, 15, 29]) {
      const { data, decoding } = await open("dicom/examples_ybr_color.dcm", { frame });
      expect(decoding.frame).to.deep.equal({ index: frame, count: 30 });
      digests.add(createHash("sha256").update(data).digest("hex"));
    }
    expect(digests.size).to.equal(4);
  });

  it("cuts the big-endian template where the voxels of the file lie", async () => {
    const name = "nifti/avg152T1_RL_nifti.nii.gz";
    const bytes = gunzipSync(await readFile(shared("images", name)));
    // 91 x 109 x 91 bytes from byte 352, stored from left to right, from back to front and from the feet.
    const voxel = (x: number, y: number, z: number) => bytes[352 + x + 91 * (y + 109 * z)];
    const image = await open(name, { window: { center: 127.5, width: 255 }, slice: 40 });
    const expected = Array.from({ length: 91 * 109 }, (_, i) => voxel(90 - (i % 91), 108 - Math.floor(i / 91), 40));
    expect(greyOf(image)).to.deep.equal(expected);
  });
});

describeWithShared("EXIF and VQA-RAD", ["data/vqa-rad/images"], () => {
  it("changes no pixel of VQA-RAD, whose images carry no orientation", async () => {
    const folder = shared("data/vqa-rad/images");
    for (const [i, id] of readdirSync(folder).entries()) {
      const { orientation } = await sharp(join(folder, id)).metadata();
      expect(orientation ?? 1, id).to.equal(1);
      if (i % 10) continue;
      // As it was decoded before orientations were applied.
      const before = await sharp(join(folder, id), { ignoreIcc: true })
        .removeAlpha()
        .toColourspace("srgb")
        .raw()
        .toBuffer();
      expect(Buffer.from((await decodeRgb({ id, path: join(folder, id) })).data).equals(before), id).to.equal(true);
    }
  });
});
