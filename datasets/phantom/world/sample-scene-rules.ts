import { organDistance, organHeart, organShapes } from "../render/shapes/organ-shapes.ts";
import { visibleField } from "../render/shapes/visible-field.ts";
import {
  FAR,
  NEAR,
  devicePoints,
  gapOfDeviceAndFinding,
  gapOfDevices,
  gapOfFindings,
} from "./sample-scene-neighbours.ts";
import type { Device, Finding, Organ, Point, Scene } from "./scene.ts";
import type { OrganKind } from "./vocabulary.ts";

// What makes every attribute of a scene readable from its picture. Distances in picture widths.

/** Nothing with a side or a level stands closer to the midline or the mid level. */
export const CLEAR_OF_MIDDLE = 0.075;
/** Between things that do not touch. */
const APART = 0.022;

/** Whether a place lies on a side and level, clear of the middle. */
export const liesAt = (
  { x, y }: Point,
  { side, level }: Pick<Finding, "side" | "level">,
  margin = CLEAR_OF_MIDDLE,
): boolean => (side === "left" ? 0.5 - x : x - 0.5) >= margin && (level === "upper" ? 0.5 - y : y - 0.5) >= margin;

const rims = new Map<OrganKind, Point[]>();

/** Points on the outer outline of an organ, at radius 1. */
function rim(kind: OrganKind): Point[] {
  let points = rims.get(kind);
  if (!points) {
    const { distance } = organShapes[kind];
    points = Array.from({ length: 28 }, (_, i) => {
      const cos = Math.cos((2 * Math.PI * i) / 28);
      const sin = Math.sin((2 * Math.PI * i) / 28);
      let r = 1.2;
      while (r > 0.05 && distance(r * cos, r * sin) > 0) r -= 0.02;
      return { x: r * cos, y: r * sin };
    });
    rims.set(kind, points);
  }
  return points;
}

export function organRim({ kind, centre, radius, angle }: Organ): Point[] {
  const cos = Math.cos(angle) * radius;
  const sin = Math.sin(angle) * radius;
  return rim(kind).map(({ x, y }) => ({ x: centre.x + x * cos - y * sin, y: centre.y + x * sin + y * cos }));
}

type World = Pick<Scene, "modality" | "view" | "organs" | "findings" | "devices">;

/** Whether an organ fits beside those that stand. */
export function organFits(organ: Organ, world: World): boolean {
  const field = visibleField(world.modality, world.view);
  const points = organRim(organ);
  if (points.some(({ x, y }) => field(x, y) > 0.004)) return false;
  return world.organs.every((other) => {
    if (other === organ) return true;
    const apart = Math.hypot(other.centre.x - organ.centre.x, other.centre.y - organ.centre.y);
    if (apart > other.radius + organ.radius + APART) return true;
    const from = organDistance(other);
    const to = organDistance(organ);
    return points.every(({ x, y }) => from(x, y) >= APART) && organRim(other).every(({ x, y }) => to(x, y) >= APART);
  });
}

/** Whether one lesion of a finding may stand at a point, given organs and the finding's other lesions. */
export function lesionFits(
  at: Point,
  finding: Pick<Finding, "kind" | "radius" | "side" | "level" | "inside">,
  siblings: Point[],
  { modality, view, organs }: World,
): boolean {
  const { radius } = finding;
  if (!liesAt(at, finding)) return false;
  // Lesions of several parts must not run into one.
  const apart = finding.kind === "drassel" || finding.kind === "pebbrel" ? 0.034 : 0.018;
  if (siblings.some((other) => Math.hypot(other.x - at.x, other.y - at.y) < 2 * radius + apart)) return false;
  if (visibleField(modality, view)(at.x, at.y) > -0.93 * radius) return false;
  return organs.every((organ) => {
    const distance = organDistance(organ)(at.x, at.y);
    // In a gland it lies in the lumen: the wall is as dark as a mild lesion.
    const depth = organ.kind === "glandor" ? radius + 0.024 : 0.95 * radius;
    return organ.kind === finding.inside ? distance <= -depth : distance >= radius + 0.016;
  });
}

/** Whether no lesion touches an organ that holds none. */
export function clearOfLesions(organ: Organ, { findings }: World): boolean {
  const distance = organDistance(organ);
  return findings.every(({ lesions, radius }) => lesions.every(({ x, y }) => distance(x, y) >= radius + 0.016));
}

/** Whether a finding is readable among the other findings: none overlaps, and being next to one is clear. */
export const findingFits = (finding: Finding, { findings }: World): boolean =>
  findings.every((other) => other === finding || clearGap(gapOfFindings(finding, other), 0.014));

const clearGap = (gap: number, least: number): boolean => (gap >= least && gap < NEAR - 0.005) || gap >= FAR;

/** Whether a device shows exactly the relations that it has. */
export function deviceFits(device: Device, world: World): boolean {
  const field = visibleField(world.modality, world.view);
  const tip = device.path[device.path.length - 1];
  // The end of a filome and the middle of any other device: cheap to look at before all the rest.
  if (!liesAt(tip, device) || field(tip.x, tip.y) > (device.kind === "filome" ? -0.045 : -0.6 * device.radius))
    return false;
  const onOrgan = world.organs.some(
    (organ) => organ.kind !== device.crosses && organDistance(organ)(tip.x, tip.y) < APART,
  );
  if (onOrgan) return false;
  const points = devicePoints(device);
  // A filome comes in from the edge.
  if (points.some(({ x, y }) => field(x, y) > (device.kind === "filome" ? 0.02 : -0.012))) return false;
  const middle = {
    x: points.reduce((sum, { x }) => sum + x, 0) / points.length,
    y: points.reduce((sum, { y }) => sum + y, 0) / points.length,
  };
  if (!liesAt(middle, device)) return false;
  return (
    world.organs.every((organ) => (organ.kind === device.crosses ? crosses(points, organ) : clearOf(points, organ))) &&
    world.findings.every((finding) => {
      if (device.covers !== finding.kind) return clearGap(gapOfDeviceAndFinding(points, finding), 0.016);
      return covers(points, finding);
    }) &&
    world.devices.every((other) => other === device || clearGap(gapOfDevices(points, devicePoints(other)), 0.02))
  );
}

const clearOf = (points: Point[], organ: Organ): boolean => {
  const distance = organDistance(organ);
  return points.every(({ x, y }) => distance(x, y) >= APART + 0.008);
};

/** Through the middle: close to the organ's heart, and enough of it within the outline. */
function crosses(points: Point[], organ: Organ): boolean {
  const distance = organDistance(organ);
  const heart = organHeart(organ);
  const within = points.filter(({ x, y }) => distance(x, y) < -0.004).length;
  const nearest = points.reduce((least, { x, y }) => Math.min(least, Math.hypot(x - heart.x, y - heart.y)), Infinity);
  return nearest < 0.3 * organ.radius && within >= Math.min(8, 0.4 * points.length);
}

/** Over part of one lesion, clear of the others: what stays in sight must still show its shape, part of it with no wire close by. */
function covers(points: Point[], finding: Finding): boolean {
  const hidden = finding.lesions.map((lesion) => shareWithin(points, lesion, finding.radius, 0.0115));
  const most = Math.max(...hidden);
  if (most < 0.12 || most > 0.36 || hidden.filter((share) => share > 0).length > 1) return false;
  return shareWithin(points, finding.lesions[hidden.indexOf(most)], finding.radius, 0.022) <= 0.58;
}

/** Share of a lesion that lies closer than `reach` to a device. */
function shareWithin(points: Point[], lesion: Point, radius: number, reach: number): number {
  let samples = 0;
  let within = 0;
  for (let i = -3; i <= 3; i++)
    for (let j = -3; j <= 3; j++) {
      if (i * i + j * j > 9.5) continue;
      const x = lesion.x + (i * radius) / 3;
      const y = lesion.y + (j * radius) / 3;
      samples++;
      if (points.some((p) => (p.x - x) ** 2 + (p.y - y) ** 2 < reach * reach)) within++;
    }
  return within / samples;
}

/** Whether all of a scene is readable. */
export function sceneFits(scene: World): boolean {
  return (
    scene.organs.every((organ) => organFits(organ, scene)) &&
    scene.findings.every(
      (finding) =>
        finding.lesions.every((at) =>
          lesionFits(
            at,
            finding,
            finding.lesions.filter((other) => other !== at),
            scene,
          ),
        ) && findingFits(finding, scene),
    ) &&
    scene.devices.every((device) => deviceFits(device, scene))
  );
}
