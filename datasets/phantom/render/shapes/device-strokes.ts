import type { Device, Point } from "../../world/scene.ts";
import type { DeviceKind } from "../../world/vocabulary.ts";

/** A straight piece of a device, with round ends; in picture widths. */
export interface Stroke {
  from: Point;
  to: Point;
  halfWidth: number;
}

/** Radius of every device in picture widths; for a filome, of the bulb at its tip. */
export const DEVICE_RADII: Record<DeviceKind, number> = { filome: 0.024, spirane: 0.09, clavet: 0.065, latrix: 0.08 };

const TURNS = 2.6;
const SPIRAL_PIECES = 44;

/** What a device is drawn of. A filome follows its path; the others stand around their centre. */
export function deviceStrokes({
  kind,
  path,
  radius,
  angle,
}: Pick<Device, "kind" | "path" | "radius" | "angle">): Stroke[] {
  switch (kind) {
    case "filome": {
      const tip = path[path.length - 1];
      return [...polyline(path, 0.0085), { from: tip, to: { x: tip.x + 1e-4, y: tip.y }, halfWidth: radius }];
    }
    case "spirane":
      return polyline(turned(spiral(), path[0], radius, angle), 0.0085);
    case "clavet":
      return polyline(turned([at(-0.62, -0.8), at(0, 0.95), at(0.62, -0.8)], path[0], radius, angle), 0.0125);
    case "latrix":
      return mesh().flatMap((line) => polyline(turned(line, path[0], radius, angle), 0.0058));
  }
}

const at = (x: number, y: number): Point => ({ x, y });

function spiral(): Point[] {
  return Array.from({ length: SPIRAL_PIECES + 1 }, (_, i) => {
    const share = i / SPIRAL_PIECES;
    const turn = share * TURNS * 2 * Math.PI;
    const radius = 0.1 + 0.88 * share;
    return at(radius * Math.cos(turn), radius * Math.sin(turn));
  });
}

/** A tube of crossing wires: its two edges and diagonals between them. */
function mesh(): Point[][] {
  const half = 0.44;
  const cells = 4;
  const lines = [
    [at(-1, -half), at(1, -half)],
    [at(-1, half), at(1, half)],
  ];
  for (let i = 0; i < cells; i++) {
    const left = -1 + (2 * i) / cells;
    const right = left + 2 / cells;
    lines.push([at(left, -half), at(right, half)], [at(left, half), at(right, -half)]);
  }
  return lines;
}

function turned(points: Point[], centre: Point, radius: number, angle: number): Point[] {
  const cos = Math.cos(angle) * radius;
  const sin = Math.sin(angle) * radius;
  return points.map(({ x, y }) => ({ x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos }));
}

export const polyline = (points: Point[], halfWidth: number): Stroke[] =>
  points.slice(1).map((to, i) => ({ from: points[i], to, halfWidth }));
