// Distances to the outlines of plain shapes: negative inside, positive outside, in the units of the arguments.
// Formulas follow from plane geometry; the shapes stand at the origin.

/** The signed distance of a point to an outline. */
export type Distance = (x: number, y: number) => number;

export const clamp = (value: number, low: number, high: number): number =>
  value < low ? low : value > high ? high : value;

/** 0 below `from`, 1 above `to`, smooth between. */
export const smoothStep = (from: number, to: number, value: number): number => {
  const t = clamp((value - from) / (to - from), 0, 1);
  return t * t * (3 - 2 * t);
};

export const circle = (x: number, y: number, radius: number): number => Math.sqrt(x * x + y * y) - radius;

/** A circular band around `radius`. */
export const ring = (x: number, y: number, radius: number, halfWidth: number): number =>
  Math.abs(Math.sqrt(x * x + y * y) - radius) - halfWidth;

/** To the line from (ax, ay) to (bx, by), which has no width. */
export function segment(x: number, y: number, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1);
  const px = x - ax - t * dx;
  const py = y - ay - t * dy;
  return Math.sqrt(px * px + py * py);
}

/** An ellipse with half axes a and b. First order: exact on the outline, a good estimate near it. */
export function ellipse(x: number, y: number, a: number, b: number): number {
  const u = x / a;
  const v = y / b;
  const k = Math.sqrt(u * u + v * v);
  const gradient = Math.sqrt((u / a) * (u / a) + (v / b) * (v / b));
  return gradient < 1e-9 ? -Math.min(a, b) : (k * (k - 1)) / gradient;
}

/** An axis-parallel rectangle with half sides a and b, its corners rounded by `round`. */
export function rectangle(x: number, y: number, a: number, b: number, round = 0): number {
  const dx = Math.abs(x) - a + round;
  const dy = Math.abs(y) - b + round;
  const ox = Math.max(dx, 0);
  const oy = Math.max(dy, 0);
  return Math.sqrt(ox * ox + oy * oy) + Math.min(Math.max(dx, dy), 0) - round;
}

/** An equilateral triangle whose corners lie `radius` from the origin, one of them at the top (negative y). */
export function triangle(x: number, y: number, radius: number): number {
  // Half planes: the largest of the distances to the three sides. Outside the corners this is a little short, which no caller minds.
  const side = 0.8660254037844386 * Math.abs(x) - 0.5 * y;
  return Math.max(side, y) - radius / 2;
}

/** A star of `points` tips at `outer`, with notches at `inner`, one tip at the top. */
export function star(x: number, y: number, points: number, outer: number, inner: number): number {
  const half = Math.PI / points;
  const length = Math.sqrt(x * x + y * y);
  let angle = Math.atan2(x, -y) % (2 * half);
  if (angle < 0) angle += 2 * half;
  if (angle > half) angle = 2 * half - angle;
  const px = length * Math.cos(angle);
  const py = length * Math.sin(angle);
  // The edge from the tip (outer, 0) to the notch.
  const nx = inner * Math.cos(half);
  const ny = inner * Math.sin(half);
  const ex = nx - outer;
  const ey = ny;
  const cross = ex * py - ey * (px - outer);
  const to = segment(px, py, outer, 0, nx, ny);
  return cross > 0 ? -to : to;
}

/** The part of a disc of `radius` that a disc of `cut` around (offset, 0) leaves: a crescent open to the right. */
export const crescent = (x: number, y: number, radius: number, cut: number, offset: number): number =>
  Math.max(circle(x, y, radius), -circle(x - offset, y, cut));

/** A spindle along x with half length a and half width b: the part common to two large discs. */
export function spindle(x: number, y: number, a: number, b: number): number {
  const radius = (a * a + b * b) / (2 * b);
  return circle(x, Math.abs(y) + radius - b, radius);
}

/** The nearer of two outlines, their joint rounded over about `round`. */
export function smoothUnion(first: number, second: number, round: number): number {
  const t = clamp(0.5 + (0.5 * (second - first)) / round, 0, 1);
  return second + (first - second) * t - round * t * (1 - t);
}
