import { expect } from "chai";
import fc from "fast-check";
import { resize, type ResizeFilter } from "../../../kernels/models/resize.ts";

const image = (width: number, height: number, pixel: (x: number, y: number, c: number) => number) =>
  Uint8Array.from({ length: width * height * 3 }, (_, i) =>
    pixel(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3),
  );

describe("resize", () => {
  it("returns the same pixels at the same size", () => {
    const source = image(7, 5, (x, y, c) => (x * 31 + y * 57 + c * 11) % 256);
    expect(resize(source, 7, 5, 7, 5)).to.deep.equal(source);
  });

  it("keeps a flat colour flat at any size, because the weights sum to one", () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, size, fc.integer({ min: 0, max: 255 }), (w, h, W, H, colour) => {
        const out = resize(
          image(w, h, () => colour),
          w,
          h,
          W,
          H,
        );
        expect(out.length).to.equal(W * H * 3);
        expect(out.every((value) => value === colour)).to.equal(true);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("keeps the axes apart: transposing before and after gives the same picture up to rounding between the passes", () => {
    const pixel = (x: number, y: number, c: number) => (x * x * 3 + y * 17 + c * 40) % 256;
    const a = resize(image(12, 9, pixel), 12, 9, 5, 4);
    const b = resize(
      image(9, 12, (x, y, c) => pixel(y, x, c)),
      9,
      12,
      4,
      5,
    );
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 5; x++)
        for (let c = 0; c < 3; c++) expect(Math.abs(a[(y * 5 + x) * 3 + c] - b[(x * 4 + y) * 3 + c])).to.be.at.most(1);
  });

  it("weighs a step edge with the antialiased Keys cubic, a = -0.5 (worked by hand for 4 to 2 pixels)", () => {
    // Scale 2, support 4: the first target pixel sits at 1.0 and sees all four source pixels at -0.25, 0.25, 0.75, 1.25.
    const keys = (t: number) => (t < 1 ? 1.5 * t ** 3 - 2.5 * t ** 2 + 1 : -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2);
    const weights = [0.25, 0.25, 0.75, 1.25].map(keys);
    const total = weights.reduce((sum, w) => sum + w, 0);
    const expected = Math.min(255, Math.max(0, Math.round((200 * (weights[2] + weights[3])) / total)));
    const out = resize(
      image(4, 1, (x) => (x < 2 ? 0 : 200)),
      4,
      1,
      2,
      1,
    );
    expect(out[0]).to.equal(expected);
  });

  it("weighs with the triangle, the box and the windowed sinc as asked (worked by hand for 4 to 2 pixels)", () => {
    const sinc = (t: number) => (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t));
    // Scale 2: the first target pixel sits at 1.0 and sees pixels at distances 0.25, 0.25, 0.75 and 1.25 as far as the filter reaches.
    const kernels = {
      bilinear: (t: number) => Math.max(0, 1 - t),
      box: (t: number) => (t <= 0.5 ? 1 : 0),
      lanczos: (t: number) => sinc(t) * sinc(t / 3),
    };
    const source = image(4, 1, (x) => (x < 2 ? 0 : 200));
    for (const [filter, kernel] of Object.entries(kernels)) {
      const weights = [0.25, 0.25, 0.75, 1.25].map(kernel);
      const share = (weights[2] + weights[3]) / weights.reduce((sum, w) => sum + w, 0);
      const expected = Math.min(255, Math.max(0, Math.round(200 * share)));
      expect(resize(source, 4, 1, 2, 1, filter as ResizeFilter)[0], filter).to.equal(expected);
    }
  });
});
