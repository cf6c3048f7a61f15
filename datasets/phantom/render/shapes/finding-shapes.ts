import type { Finding } from "../../world/scene.ts";
import type { FindingKind } from "../../world/vocabulary.ts";
import { placed } from "./organ-shapes.ts";
import { circle, ring, segment, star, triangle } from "./signed-distance.ts";
import type { Distance } from "./signed-distance.ts";

// Six specks on a slightly uneven ring and one in the middle: the cluster must not look drawn with compasses.
const SPECKS = [
  [0.05, -0.04],
  [0.72, 0.1],
  [0.3, 0.7],
  [-0.42, 0.62],
  [-0.74, -0.08],
  [-0.3, -0.7],
  [0.42, -0.62],
] as const;

/** The shape of every finding at radius 1: the same in all modalities, and the only thing that tells the kinds apart. */
const findingShapes: Record<FindingKind, Distance> = {
  /** Solid round nodule. */
  glimmar: (x, y) => circle(x, y, 0.86),
  /** Ring with a hollow core. */
  orvole: (x, y) => ring(x, y, 0.74, 0.22),
  /** Star with thin spikes. */
  strellux: (x, y) => star(x, y, 6, 1.12, 0.42),
  /** Solid wedge. */
  velkin: (x, y) => triangle(x, y - 0.12, 1.08),
  /** Three parallel streaks. */
  drassel: (x, y) => segment(x, Math.min(Math.abs(y), Math.abs(Math.abs(y) - 0.66)), -0.78, 0, 0.78, 0) - 0.17,
  /** Cluster of seven specks. */
  pebbrel: (x, y) => SPECKS.reduce((nearest, [sx, sy]) => Math.min(nearest, circle(x - sx, y - sy, 0.2)), Infinity),
  /** Fork: a stem and two branches. */
  furcane: (x, y) => Math.min(segment(x, y, 0, 0.9, 0, 0), segment(Math.abs(x), y, 0, 0, 0.72, -0.72)) - 0.18,
  /** Target: a core inside a ring. */
  halden: (x, y) => Math.min(circle(x, y, 0.32), ring(x, y, 0.84, 0.15)),
};

/** The outlines of the lesions of a finding, in the picture. */
export const lesionDistances = ({ kind, lesions, radius, angle }: Finding): Distance[] =>
  lesions.map((centre) => placed(findingShapes[kind], centre, radius, angle));
