import type { Point } from "../world/scene.ts";
import { clamp, segment } from "./shapes/signed-distance.ts";
import type { Distance } from "./shapes/signed-distance.ts";
import type { Stroke } from "./shapes/device-strokes.ts";

/** What to do with a pixel: its index, how much of it is covered (0 to 1), and its distance to the outline in pixels. */
export type Visit = (index: number, coverage: number, distance: number) => void;

/** Visits the pixels that a shape covers, looking only at a square of half side `reach` (picture widths) around its centre. */
export function stamp(
  size: number,
  centre: Point,
  reach: number,
  distance: Distance,
  softness: number,
  visit: Visit,
): void {
  const left = Math.max(0, Math.floor((centre.x - reach) * size));
  const right = Math.min(size - 1, Math.ceil((centre.x + reach) * size));
  const top = Math.max(0, Math.floor((centre.y - reach) * size));
  const bottom = Math.min(size - 1, Math.ceil((centre.y + reach) * size));
  for (let y = top; y <= bottom; y++)
    for (let x = left; x <= right; x++) {
      const d = distance((x + 0.5) / size, (y + 0.5) / size) * size;
      const coverage = clamp(0.5 - d / softness, 0, 1);
      if (coverage > 0) visit(y * size + x, coverage, d);
    }
}

/** Draws strokes into a coverage map [size × size]; where several meet, the largest coverage counts. Returns the pixels touched. */
export function coverStrokes(size: number, strokes: Stroke[], softness = 1): Map<number, number> {
  const covered = new Map<number, number>();
  for (const { from, to, halfWidth } of strokes) {
    const centre = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
    const reach = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) / 2 + halfWidth + softness / size;
    const distance: Distance = (x, y) => segment(x, y, from.x, from.y, to.x, to.y) - halfWidth;
    stamp(size, centre, reach, distance, softness, (index, coverage) => {
      if (coverage > (covered.get(index) ?? 0)) covered.set(index, coverage);
    });
  }
  return covered;
}
