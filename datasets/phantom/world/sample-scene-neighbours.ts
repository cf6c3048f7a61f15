import { deviceStrokes } from "../render/shapes/device-strokes.ts";
import type { Device, Finding, Point, Scene } from "./scene.ts";
import type { DeviceKind, FindingKind } from "./vocabulary.ts";

/** Below this gap (picture widths) two entities are neighbours; from FAR on they clearly are not. No scene has a gap between the two. */
export const NEAR = 0.05;
export const FAR = 0.095;

/** Points along a device, close enough together to stand for it. */
export function devicePoints(device: Pick<Device, "kind" | "path" | "radius" | "angle">): Point[] {
  return deviceStrokes(device).flatMap(({ from, to }) => {
    const pieces = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 0.016));
    return Array.from({ length: pieces + 1 }, (_, i) => ({
      x: from.x + ((to.x - from.x) * i) / pieces,
      y: from.y + ((to.y - from.y) * i) / pieces,
    }));
  });
}

const between = (first: Point[], second: Point[]): number => {
  let least = Infinity;
  for (const a of first) for (const b of second) least = Math.min(least, (a.x - b.x) ** 2 + (a.y - b.y) ** 2);
  return Math.sqrt(least);
};

/** Half the width of a device's lines, about. */
const LINE = 0.008;

export const gapOfFindings = (a: Pick<Finding, "lesions" | "radius">, b: Pick<Finding, "lesions" | "radius">): number =>
  between(a.lesions, b.lesions) - a.radius - b.radius;
export const gapOfDeviceAndFinding = (
  points: Point[],
  { lesions, radius }: Pick<Finding, "lesions" | "radius">,
): number => between(points, lesions) - radius - LINE;
export const gapOfDevices = (a: Point[], b: Point[]): number => between(a, b) - 2 * LINE;

/**
 * The findings and devices that lie next to each other: closer than NEAR without touching. A device that covers a finding is not next to it.
 * Organs are next to nothing: they fill the picture.
 */
export function neighbours({
  findings,
  devices,
}: Pick<Scene, "findings" | "devices">): [FindingKind | DeviceKind, FindingKind | DeviceKind][] {
  const pairs: [FindingKind | DeviceKind, FindingKind | DeviceKind][] = [];
  const points = devices.map(devicePoints);
  findings.forEach((finding, i) => {
    for (const other of findings.slice(i + 1))
      if (gapOfFindings(finding, other) < NEAR) pairs.push([finding.kind, other.kind]);
    devices.forEach((device, j) => {
      if (device.covers !== finding.kind && gapOfDeviceAndFinding(points[j], finding) < NEAR)
        pairs.push([finding.kind, device.kind]);
    });
  });
  devices.forEach((device, i) => {
    for (let j = i + 1; j < devices.length; j++)
      if (gapOfDevices(points[i], points[j]) < NEAR) pairs.push([device.kind, devices[j].kind]);
  });
  return pairs;
}
