import type { DeviceKind, FindingKind, Level, Modality, OrganKind, Severity, Side, Size } from "./vocabulary.ts";

/** A point of the picture: x to the right, y down, both 0 to 1 over the field of view. */
export interface Point {
  x: number;
  y: number;
}

/** An organ; each kind stands in a scene at most once. */
export interface Organ {
  kind: OrganKind;
  centre: Point;
  /** Half of its longer extent, in picture widths. */
  radius: number;
  /** Turn in radians. */
  angle: number;
}

/** A finding: 1 to 3 equal lesions, all on one side and one level; each kind stands in a scene at most once. */
export interface Finding {
  kind: FindingKind;
  lesions: Point[];
  /** Radius of a lesion, in picture widths; follows from `size`. */
  radius: number;
  angle: number;
  size: Size;
  severity: Severity;
  side: Side;
  level: Level;
  /** The organ in which all its lesions lie. */
  inside?: OrganKind;
}

/** A device; each kind stands in a scene at most once. */
export interface Device {
  kind: DeviceKind;
  /** Its course, or its centre alone. */
  path: Point[];
  radius: number;
  angle: number;
  side: Side;
  level: Level;
  /** The one organ that it runs across. */
  crosses?: OrganKind;
  /** The one finding that it partly hides. */
  covers?: FindingKind;
}

/** How the picture was taken; none of it is asked about. */
export interface View {
  /** Turn of the whole anatomy in radians, within ±0.15: already applied to all places in the scene. */
  rotation: number;
  exposure: number;
  /** Gamma of the intensity curve. */
  contrast: number;
  noise: number;
  blur: number;
  /** Share of the picture that the field of view fills, 0.85 to 1. */
  field: number;
}

/** Everything that a picture shows: the ground truth of every question about it. */
export interface Scene {
  /** Seed of everything that the scene leaves open, such as texture and noise. */
  seed: number;
  modality: Modality;
  view: View;
  organs: Organ[];
  findings: Finding[];
  devices: Device[];
}

export type EntityKind = OrganKind | FindingKind | DeviceKind;

/** Where an entity is seen, after everything in front of it. Pixels; the box is inclusive of `x`, `y` and exclusive of their sums. */
export interface EntityMask {
  kind: EntityKind;
  box: { x: number; y: number; width: number; height: number };
  /** [height × width] of the picture, 1 where the entity is seen. */
  mask: Uint8Array;
}
