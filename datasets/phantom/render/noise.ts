import { random } from "../../../kernels/random.ts";
import type { Random } from "../../../kernels/random.ts";

const LENGTH = 1 << 16;
let table: Float32Array | undefined;

/** Standard normal values, drawn once: a picture's worth of new draws would take longer than the rest of the picture. */
function normals(): Float32Array {
  if (table) return table;
  const stream = random(20_011);
  table = new Float32Array(LENGTH);
  for (let i = 0; i < LENGTH; i += 2) {
    // Box and Muller; in (0, 1] because the logarithm of 0 does not exist.
    const radius = Math.sqrt(-2 * Math.log(1 - stream.between(0, 1)));
    const angle = stream.between(0, 2 * Math.PI);
    table[i] = radius * Math.cos(angle);
    table[i + 1] = radius * Math.sin(angle);
  }
  return table;
}

/** White noise with mean 0 and deviation 1, of `count` values: the common table, walked from a drawn place with a drawn odd step. */
export function grain(count: number, stream: Random): Float32Array {
  const values = normals();
  const step = 2 * stream.below(LENGTH / 2) + 1;
  let at = stream.below(LENGTH);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    out[i] = values[at];
    at = (at + step) & (LENGTH - 1);
  }
  return out;
}

/** Smooth noise [size × size] of deviation about 0.7: normal values on a grid of `cells` by `cells`, interpolated. */
export function clouds(size: number, cells: number, stream: Random): Float32Array {
  const width = cells + 1;
  const knots = grain(width * width, stream);
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++) {
    const gy = (y / size) * cells;
    const row = Math.floor(gy);
    const ty = ease(gy - row);
    for (let x = 0; x < size; x++) {
      const gx = (x / size) * cells;
      const column = Math.floor(gx);
      const tx = ease(gx - column);
      const at = row * width + column;
      const top = knots[at] + (knots[at + 1] - knots[at]) * tx;
      const bottom = knots[at + width] + (knots[at + width + 1] - knots[at + width]) * tx;
      out[y * size + x] = top + (bottom - top) * ty;
    }
  }
  return out;
}

const ease = (t: number): number => t * t * (3 - 2 * t);
