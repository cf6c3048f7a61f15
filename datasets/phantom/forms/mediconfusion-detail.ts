import type { RgbImage } from "../../image.ts";

/** The image is reduced to this many squares a side, so that noise does not count as detail. */
const REDUCED = 64;
/** Squares a side, each with a histogram of gradients. */
const CELLS = 16;
const DIRECTIONS = 8;
/** Added to the squared gradients of a place, so that one with nothing but noise in both images does not count as different. */
const FLOOR = 0.35;

/**
 * The second view in which a confusion pair must differ: gradients in place, which a mean over an encoder's tokens has lost. In each of
 * 16 x 16 cells the magnitudes of the grey image's gradients are summed by direction.
 *
 * Shapes: image [height, width, 3] with sides divisible by 64; result [16 * 16 * 8].
 */
export function detailOf({ width, height, data }: RgbImage): Float32Array {
  const grey = reduced({ width, height, data });
  const histogram = new Float32Array(CELLS * CELLS * DIRECTIONS);
  const side = REDUCED / CELLS;
  for (let y = 1; y < REDUCED - 1; y++)
    for (let x = 1; x < REDUCED - 1; x++) {
      const i = y * REDUCED + x;
      const dx = grey[i + 1] - grey[i - 1];
      const dy = grey[i + REDUCED] - grey[i - REDUCED];
      const turn = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) % 1;
      const cell = Math.floor(y / side) * CELLS + Math.floor(x / side);
      histogram[cell * DIRECTIONS + (Math.floor(turn * DIRECTIONS) % DIRECTIONS)] += Math.hypot(dx, dy);
    }
  return histogram;
}

/**
 * How alike two images are where they are least alike: 1 - |a - b|² / (|a|² + |b|²) of the worst place of 3 x 3 cells, about the size of
 * a large lesion. A cosine over the whole image would hardly notice one lesion that is in one of them only.
 *
 * Units: 1 for equal images, towards 0 where something is in one of them only; both are results of `detailOf`.
 */
export function detailSimilarity(a: Float32Array, b: Float32Array): number {
  let least = 1;
  for (let y = 0; y + 3 <= CELLS; y++)
    for (let x = 0; x + 3 <= CELLS; x++) {
      let apart = 0;
      let sum = FLOOR;
      for (let row = y; row < y + 3; row++) {
        const from = (row * CELLS + x) * DIRECTIONS;
        for (let i = from; i < from + 3 * DIRECTIONS; i++) {
          apart += (a[i] - b[i]) ** 2;
          sum += a[i] ** 2 + b[i] ** 2;
        }
      }
      least = Math.min(least, 1 - apart / sum);
    }
  return least;
}

function reduced({ width, height, data }: RgbImage): Float32Array {
  const grey = new Float32Array(REDUCED * REDUCED);
  const factor = { x: width / REDUCED, y: height / REDUCED };
  const share = 1 / (3 * 255 * factor.x * factor.y);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = 3 * (y * width + x);
      const to = Math.floor(y / factor.y) * REDUCED + Math.floor(x / factor.x);
      grey[to] += (data[i] + data[i + 1] + data[i + 2]) * share;
    }
  return grey;
}
