// Vision models are trained on images resized by Pillow; its antialiased filters differ from those of the image libraries of this
// platform by enough to change a small model's answers (4 of 120 here). So the filters are spelled out: same support, same
// fixed-point rounding, horizontal pass first with 8-bit values between the passes.

const PRECISION = 2 ** 22;
const A = -0.5;

/** Weight of a pixel at a distance (in pixels of the smaller grid), and the distance beyond which there is none. */
interface Filter {
  support: number;
  weight(distance: number): number;
}

const sinc = (x: number) => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));
const FILTERS = {
  box: { support: 0.5, weight: (x: number) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x: number) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: cubic },
  lanczos: { support: 3, weight: (x: number) => (Math.abs(x) < 3 ? sinc(x) * sinc(x / 3) : 0) },
} satisfies Record<string, Filter>;

export type ResizeFilter = keyof typeof FILTERS;

/**
 * Resizes 8-bit RGB with one of Pillow's antialiased filters, bit for bit.
 *
 * Shapes: data [height, width, 3] to [outHeight, outWidth, 3].
 * Source: Pillow's documented resampling (the Keys cubic has a = -0.5), reproduced from its description.
 */
export function resize(
  data: Uint8Array,
  width: number,
  height: number,
  outWidth: number,
  outHeight: number,
  filter: ResizeFilter = "bicubic",
): Uint8Array {
  const wide = pass(
    data,
    { lines: height, lineStride: width * 3, step: 3, size: width },
    outWidth,
    FILTERS[filter],
    (line, x) => (line * outWidth + x) * 3,
  );
  return pass(
    wide,
    { lines: outWidth, lineStride: 3, step: outWidth * 3, size: height },
    outHeight,
    FILTERS[filter],
    (line, y) => (y * outWidth + line) * 3,
  );
}

interface Axis {
  /** Independent rows (or columns), the distance between their starts, between neighbouring pixels, and their length. */
  lines: number;
  lineStride: number;
  step: number;
  size: number;
}

function pass(
  source: Uint8Array,
  axis: Axis,
  out: number,
  filter: Filter,
  place: (line: number, index: number) => number,
): Uint8Array {
  const result = new Uint8Array(axis.lines * out * 3);
  for (let index = 0; index < out; index++) {
    const { first, weights } = taps(axis.size, out, index, filter);
    for (let line = 0; line < axis.lines; line++) {
      const from = line * axis.lineStride + first * axis.step;
      const to = place(line, index);
      for (let channel = 0; channel < 3; channel++) {
        let sum = PRECISION / 2;
        for (let k = 0; k < weights.length; k++) sum += source[from + k * axis.step + channel] * weights[k];
        result[to + channel] = Math.min(255, Math.max(0, Math.floor(sum / PRECISION)));
      }
    }
  }
  return result;
}

/** Fixed-point weights of the source pixels under one target pixel. */
function taps(size: number, out: number, index: number, filter: Filter): { first: number; weights: number[] } {
  const scale = size / out;
  const filterScale = Math.max(scale, 1);
  const support = filter.support * filterScale;
  const centre = (index + 0.5) * scale;
  const first = Math.max(0, Math.trunc(centre - support + 0.5));
  const last = Math.min(size, Math.trunc(centre + support + 0.5));
  const raw = Array.from({ length: last - first }, (_, k) => filter.weight((k + first - centre + 0.5) / filterScale));
  const total = raw.reduce((sum, w) => sum + w, 0);
  return { first, weights: raw.map((w) => Math.sign(w) * Math.trunc(Math.abs((w / total) * PRECISION) + 0.5)) };
}

function cubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((A + 2) * t - (A + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * A;
  return 0;
}
