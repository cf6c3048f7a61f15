import type { Organ, Point } from "../../world/scene.ts";
import type { OrganKind } from "../../world/vocabulary.ts";
import { circle, crescent, ellipse, rectangle, ring, smoothUnion, spindle } from "./signed-distance.ts";
import type { Distance } from "./signed-distance.ts";

interface OrganShape {
  /** Outline at radius 1. */
  distance: Distance;
  /** A point well inside, at radius 1: where something that runs across the organ passes. */
  heart: Point;
  /** Smallest and largest radius, in picture widths. */
  radius: [number, number];
}

const middle = { x: 0, y: 0 };

/** The outline of every organ; it tells the organ in all modalities that show it. */
export const organShapes: Record<OrganKind, OrganShape> = {
  /** Bean. */
  corvane: {
    distance: (x, y) => -smoothUnion(-ellipse(x, y, 1, 0.72), circle(x, y - 0.86, 0.5), 0.22),
    heart: { x: 0, y: -0.16 },
    radius: [0.15, 0.18],
  },
  /** Triangle with round corners. */
  tessal: {
    // A smaller triangle, grown by the rounding of its corners.
    distance: (x, y) => roundTriangle(x, y - 0.1),
    heart: middle,
    radius: [0.145, 0.17],
  },
  /** Ring. */
  ludrin: { distance: (x, y) => ring(x, y, 0.69, 0.31), heart: { x: 0.69, y: 0 }, radius: [0.145, 0.17] },
  /** Long spindle. */
  mirrel: { distance: (x, y) => spindle(x, y, 1, 0.36), heart: middle, radius: [0.19, 0.22] },
  /** Crescent. */
  pelune: { distance: (x, y) => crescent(x, y, 1, 0.88, 0.62), heart: { x: -0.62, y: 0 }, radius: [0.155, 0.185] },
  /** Clover of three lobes. */
  zanthe: {
    distance: (x, y) =>
      smoothUnion(
        circle(x, y + 0.5, 0.49),
        smoothUnion(circle(x - 0.433, y - 0.25, 0.49), circle(x + 0.433, y - 0.25, 0.49), 0.16),
        0.16,
      ),
    heart: middle,
    radius: [0.15, 0.175],
  },
  /** The bright disc of the fundus. */
  aurel: { distance: (x, y) => ellipse(x, y, 0.93, 1), heart: middle, radius: [0.115, 0.135] },
  /** The dark spot of the fundus. */
  dusken: { distance: (x, y) => circle(x, y, 1), heart: middle, radius: [0.13, 0.16] },
  /** A gland: wall and lumen. */
  glandor: { distance: (x, y) => ellipse(x, y, 1, 0.88), heart: middle, radius: [0.16, 0.2] },
  /** A band of fibres. */
  stromel: { distance: (x, y) => rectangle(x, y, 1, 0.48, 0.3), heart: middle, radius: [0.2, 0.24] },
};

function roundTriangle(x: number, y: number): number {
  // Exact distance outside the corners, which the growing rounds: fold onto one side, then measure to its edge.
  const radius = 0.72;
  const k = 1.7320508075688772;
  const half = radius * 0.8660254037844386;
  let px = Math.abs(x) - half;
  let py = -y + half / k;
  if (px + k * py > 0) {
    const qx = (px - k * py) / 2;
    py = (-k * px - py) / 2;
    px = qx;
  }
  px -= px < -2 * half ? -2 * half : px > 0 ? 0 : px;
  const to = Math.sqrt(px * px + py * py);
  return (py > 0 ? -to : to) - 0.3;
}

const distances = new WeakMap<Organ, Distance>();

/** The outline of an organ where it stands. Organs are never changed, so it is made once for each. */
export function organDistance(organ: Organ): Distance {
  let distance = distances.get(organ);
  if (!distance) {
    distance = placed(organShapes[organ.kind].distance, organ.centre, organ.radius, organ.angle);
    distances.set(organ, distance);
  }
  return distance;
}

/** A point well inside the organ, in the picture. */
export function organHeart({ kind, centre, radius, angle }: Organ): Point {
  const { heart } = organShapes[kind];
  const cos = Math.cos(angle) * radius;
  const sin = Math.sin(angle) * radius;
  return { x: centre.x + heart.x * cos - heart.y * sin, y: centre.y + heart.x * sin + heart.y * cos };
}

/** A shape given at radius 1 around the origin, moved, turned and scaled. */
export function placed(distance: Distance, centre: Point, radius: number, angle: number): Distance {
  const cos = Math.cos(angle) / radius;
  const sin = Math.sin(angle) / radius;
  return (x, y) => {
    const dx = x - centre.x;
    const dy = y - centre.y;
    return radius * distance(dx * cos + dy * sin, dy * cos - dx * sin);
  };
}
