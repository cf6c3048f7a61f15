import { expect } from "chai";
import { niftiFile } from "./nifti-file.ts";
import { greyOf, scratchImages } from "./scratch-images.ts";

// A volume of 2 x 3 x 4 voxels whose value is 100 x + 10 y + z, with x, y and z counted to the right, to the front and upward.
const [right, front, up] = [2, 3, 4];
const value = (x: number, y: number, z: number) => 100 * x + 10 * y + z;
const ras = Array.from({ length: right * front * up }, (_, i) =>
  value(i % right, Math.floor(i / right) % front, Math.floor(i / (right * front))),
);
const asStored = { window: { center: 127.5, width: 255 } } as const;

describe("NIfTI", () => {
  const { decode, refusal } = scratchImages();

  it("shows each plane as radiologists see it: right on the left, front or head on top", async () => {
    const file = niftiFile({ size: [right, front, up], values: ras });
    const axial = await decode(file, { ...asStored, slice: 1 });
    expect([axial.width, axial.height]).to.deep.equal([right, front]);
    expect(greyOf(axial)).to.deep.equal([121, 21, 111, 11, 101, 1]);
    expect(axial.decoding).to.deep.include({
      format: "nifti-1",
      storage: "uint8, little endian",
      slice: { plane: "axial", index: 1, count: up },
      orientation: "left of the image is the patient's right, top is the front; stored as RAS+",
    });
    const coronal = await decode(file, { ...asStored, plane: "coronal", slice: 2 });
    expect(greyOf(coronal)).to.deep.equal([3, 2, 1, 0].flatMap((z) => [value(1, 2, z), value(0, 2, z)]));
    const sagittal = await decode(file, { ...asStored, plane: "sagittal", slice: 0 });
    expect(greyOf(sagittal)).to.deep.equal([3, 2, 1, 0].flatMap((z) => [2, 1, 0].map((y) => value(0, y, z))));
    expect((await decode(file)).decoding.slice, "the middle one by default").to.include({ index: 2 });
  });

  it("gives the same picture however the axes are stored", async () => {
    const expected = [121, 21, 111, 11, 101, 1];
    // Stored axes run left, backward and up.
    const flipped = Array.from({ length: ras.length }, (_, i) =>
      value(1 - (i % right), 2 - (Math.floor(i / right) % front), Math.floor(i / (right * front))),
    );
    const lps = [
      [-1, 0, 0, 1],
      [0, -1, 0, 2],
      [0, 0, 1, 0],
    ];
    const turned = await decode(niftiFile({ size: [right, front, up], values: flipped, affine: lps }), {
      ...asStored,
      slice: 1,
    });
    expect(greyOf(turned)).to.deep.equal(expected);
    expect(turned.decoding.orientation).to.match(/stored as LPS\+$/);
    // Stored axes run up, right and forward, a little oblique.
    const swapped = Array.from({ length: ras.length }, (_, i) =>
      value(Math.floor(i / up) % right, Math.floor(i / (up * right)), i % up),
    );
    const sra = [
      [0.1, 1, 0.1, 0],
      [0, -0.1, 1, 0],
      [1, 0, 0.1, 0],
    ];
    const oblique = await decode(niftiFile({ size: [up, right, front], values: swapped, affine: sra }), {
      ...asStored,
      slice: 1,
    });
    expect(greyOf(oblique)).to.deep.equal(expected);
  });

  it("reads both versions, both byte orders and gzip to the same pixels", async () => {
    const values = ras.map((one) => one * 20 - 300);
    const pixels = new Set<string>();
    for (const version of [1, 2] as const)
      for (const littleEndian of [true, false])
        for (const gzip of [true, false])
          for (const type of [
            [4, 2],
            [16, 4],
            [64, 8],
          ] as const) {
            const file = niftiFile({ size: [2, 3, 4], type: [...type], values, version, littleEndian, gzip });
            const image = await decode(file, { window: "min-max" });
            expect(image.decoding.format).to.equal(`nifti-${version}`);
            pixels.add(greyOf(image).join());
          }
    expect(pixels.size).to.equal(1);
    expect([...pixels][0].split(",")).to.have.length(6);
  });

  it("scales values, and records the window of the file, of the percentiles or of a choice", async () => {
    const values = Array.from({ length: 200 }, (_, i) => i);
    const plain = { size: [200, 1, 1], type: [4, 2] as [number, 2], values };
    const scaled = niftiFile({ ...plain, slope: 2, intercept: -10, calibration: [0, 100] });
    const image = await decode(scaled);
    expect(image.decoding.window).to.deep.equal({ center: 50, width: 100, function: "linear-exact", source: "file" });
    expect(greyOf(image).reverse()[30], "30 x 2 - 10 of 100").to.equal(128);
    const percentile = await decode(niftiFile(plain));
    expect(percentile.decoding.window).to.deep.equal({
      center: 99,
      width: 196,
      function: "linear-exact",
      source: "percentile",
    });
    expect((await decode(niftiFile(plain), { window: "min-max" })).decoding.window).to.include({
      center: 99.5,
      width: 199,
    });
    const mask = { size: [200, 1, 1], values: values.map((i) => (i === 7 ? 3 : 0)) };
    expect((await decode(niftiFile(mask))).decoding.window).to.include({ source: "min-max", width: 3 });
  });

  it("shows the chosen volume of a series, and names those there are", async () => {
    const series = [...ras, ...ras.map((one) => 255 - one)];
    for (const gzip of [true, false]) {
      const file = niftiFile({ size: [2, 3, 4, 2], values: series, gzip });
      const [first, second] = [await decode(file, asStored), await decode(file, { ...asStored, volume: 1 })];
      expect(greyOf(second)).to.deep.equal(greyOf(first).map((level) => 255 - level));
      expect(second.decoding.volume).to.deep.equal({ index: 1, count: 2 });
      expect(await refusal(file, { volume: 2 })).to.contain("there is no volume 2: they go from 0 to 1");
      expect(await refusal(file, { slice: 4 })).to.contain("there is no slice 4: they go from 0 to 3");
    }
  });

  it("reads colour voxels", async () => {
    const values = Array.from({ length: 2 * 3 * 1 * 3 }, (_, i) => i * 10);
    const bytes = niftiFile({ size: [2, 3, 1], type: [128, 1], values });
    const image = await decode(bytes, { window: "min-max" });
    expect([...image.data.slice(0, 6)], "the right front voxel, then the left one").to.deep.equal([
      150, 160, 170, 120, 130, 140,
    ]);
    expect(image.decoding.notes.join()).to.contain("in colour");
  });

  it("says when a file does not state its orientation", async () => {
    const file = niftiFile({ size: [2, 3, 4], values: ras });
    file.writeInt16LE(0, 254);
    expect((await decode(file)).decoding.notes.join()).to.contain("does not state its orientation");
  });
});
