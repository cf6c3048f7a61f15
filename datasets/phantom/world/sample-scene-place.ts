import type { Random } from "../../../kernels/random.ts";
import { DEVICE_RADII } from "../render/shapes/device-strokes.ts";
import { organHeart, organShapes } from "../render/shapes/organ-shapes.ts";
import { visibleField } from "../render/shapes/visible-field.ts";
import { LESION_RADII } from "./sample-scene-plan.ts";
import type { Plan } from "./sample-scene-plan.ts";
import {
  CLEAR_OF_MIDDLE,
  clearOfLesions,
  deviceFits,
  findingFits,
  lesionFits,
  organFits,
} from "./sample-scene-rules.ts";
import type { DeviceWish, FindingWish } from "./sample-scene-wanted.ts";
import type { Device, Finding, Organ, Point, Scene } from "./scene.ts";
import type { Level, OrganKind, Side } from "./vocabulary.ts";

/** Of a filome, in picture widths. */
const SHORTEST_COURSE = 0.3;

type World = Pick<Scene, "modality" | "view" | "organs" | "findings" | "devices">;

/**
 * Finds a place for everything in a plan, or gives up. Organs that something lies in or runs across come first, then the findings,
 * which need the most room, then the other organs; of those the last may be left out.
 */
export function placePlan(stream: Random, plan: Plan): World | undefined {
  const world: World = { modality: plan.modality, view: plan.view, organs: [], findings: [], devices: [] };
  const place = (kind: OrganKind, guest?: { side: Side; level: Level }) => {
    const organ = retry(30, () => placeOrgan(stream, kind, world, guest));
    if (organ) world.organs.push(organ);
    return organ !== undefined;
  };
  const guests = plan.organs.map(
    (kind) =>
      plan.findings.find(({ inside }) => inside === kind) ?? plan.devices.find(({ crosses }) => crosses === kind),
  );
  for (const [i, guest] of guests.entries()) if (guest && !place(plan.organs[i], guest)) return undefined;
  for (const [i, wish] of plan.findings.entries()) {
    const beside = plan.close === i ? world.findings[i - 1] : undefined;
    const finding = placeFinding(stream, wish, world, beside);
    if (!finding) return undefined;
    world.findings.push(finding);
  }
  for (const [i, guest] of guests.entries())
    if (!guest && !place(plan.organs[i]) && (i < plan.needed || world.organs.length < plan.fewest)) return undefined;
  for (const wish of plan.devices) {
    const device = retry(30, () => placeDevice(stream, wish, world));
    if (!device) return undefined;
    world.devices.push(device);
  }
  return world;
}

/** An organ at a place that fits; `guest`: where something in it or across it has to stand. */
export function placeOrgan(
  stream: Random,
  kind: OrganKind,
  world: World,
  guest?: { side: Side; level: Level },
): Organ | undefined {
  const organ: Organ = {
    kind,
    centre: guest
      ? pointIn(stream, guest.side, guest.level, 0.05)
      : { x: stream.between(0.1, 0.9), y: stream.between(0.1, 0.9) },
    radius: stream.between(...organShapes[kind].radius),
    angle: stream.between(0, 2 * Math.PI),
  };
  return organFits(organ, world) && clearOfLesions(organ, world) ? organ : undefined;
}

/** A finding with all its attributes at a place that fits; `beside`: close to that finding. */
export function placeFinding(
  stream: Random,
  { kind, count, size, severity, side, level, inside }: Required<FindingWish>,
  world: World,
  beside?: Finding,
  times = 8,
): Finding | undefined {
  const finding: Finding = {
    kind,
    lesions: [],
    radius: LESION_RADII[size],
    angle: stream.between(0, 2 * Math.PI),
    size,
    severity,
    side,
    level,
  };
  if (inside) finding.inside = inside;
  const host = world.organs.find((organ) => organ.kind === inside);
  const draw = (first: boolean): Point => {
    if (beside && first) return besideLesion(stream, beside, finding.radius);
    if (host) return around(stream, host.centre, host.radius);
    return pointIn(stream, side, level, CLEAR_OF_MIDDLE);
  };
  const add = (times: number) => {
    const lesion = retry(times, () => {
      const at = draw(finding.lesions.length === 0);
      return lesionFits(at, finding, finding.lesions, world) ? at : undefined;
    });
    if (lesion) finding.lesions.push(lesion);
    return lesion !== undefined;
  };
  // Where not even one lesion fits, others are not worth a try; where it stands badly for the others, it is moved.
  for (let tries = 0; tries < times; tries++) {
    finding.lesions = [];
    if (!add(30)) return undefined;
    while (finding.lesions.length < count && add(25));
    if (finding.lesions.length === count && findingFits(finding, world)) return finding;
  }
  return undefined;
}

/** A device with all its attributes at a place that fits. */
export function placeDevice(stream: Random, wish: Required<DeviceWish>, world: World): Device | undefined {
  const device: Device = {
    kind: wish.kind,
    path: [],
    radius: DEVICE_RADII[wish.kind],
    angle: stream.between(0, 2 * Math.PI),
    side: wish.side,
    level: wish.level,
  };
  if (wish.crosses) device.crosses = wish.crosses;
  if (wish.covers) device.covers = wish.covers;
  const through = passage(stream, wish, world, device.radius);
  if (through === "absent") return undefined;
  const path =
    wish.kind === "filome"
      ? course(stream, wish, world, through)
      : [through ?? pointIn(stream, wish.side, wish.level, 0.08)];
  if (!path) return undefined;
  device.path = path;
  return deviceFits(device, world) ? device : undefined;
}

/** Where a device has to pass to cross its organ or cover its finding. */
function passage(
  stream: Random,
  wish: Required<DeviceWish>,
  world: World,
  radius: number,
): Point | "absent" | undefined {
  const { kind, crosses, covers } = wish;
  if (crosses) {
    const organ = world.organs.find((organ) => organ.kind === crosses);
    return organ ? around(stream, organHeart(organ), 0.25 * organ.radius) : "absent";
  }
  if (!covers) return kind === "filome" ? undefined : placeBeside(stream, wish, world, radius);
  const finding = world.findings.find((finding) => finding.kind === covers);
  if (!finding) return "absent";
  const reach = kind === "filome" ? 0.6 * finding.radius : radius + 0.7 * finding.radius;
  return around(stream, stream.pick(finding.lesions), reach);
}

/** In half of the attempts: close to a finding of the same side and level. */
function placeBeside(
  stream: Random,
  { side, level }: Required<DeviceWish>,
  world: World,
  radius: number,
): Point | undefined {
  const near = world.findings.filter((finding) => finding.side === side && finding.level === level);
  return near.length > 0 && stream.chance(0.5) ? besideLesion(stream, stream.pick(near), radius * 0.9) : undefined;
}

/** From the edge of the field to a tip, slightly curved. */
function course(
  stream: Random,
  { side, level }: Required<DeviceWish>,
  world: World,
  through?: Point,
): Point[] | undefined {
  const tip = pointIn(stream, side, level, CLEAR_OF_MIDDLE);
  const towards = through ?? pointIn(stream, side, level, 0.05);
  const length = Math.hypot(towards.x - tip.x, towards.y - tip.y) || 1;
  const step = { x: (towards.x - tip.x) / length, y: (towards.y - tip.y) / length };
  const field = visibleField(world.modality, world.view);
  let far = length;
  while (far < 1 && field(tip.x + far * step.x, tip.y + far * step.y) < 0) far += 0.02;
  if (far < SHORTEST_COURSE) return undefined;
  const bend = stream.between(-0.09, 0.09);
  return Array.from({ length: 15 }, (_, i) => {
    const share = 1 - i / 14;
    // A bow and a slight counter-bow; none of it where the course has to pass.
    const aside = bend * Math.sin(2.6 * share) * (through ? (share * far - length) / far : 1);
    return { x: tip.x + share * far * step.x - aside * step.y, y: tip.y + share * far * step.y + aside * step.x };
  });
}

function pointIn(stream: Random, side: Side, level: Level, margin: number): Point {
  const x = stream.between(margin, 0.45);
  const y = stream.between(margin, 0.45);
  return { x: side === "left" ? 0.5 - x : 0.5 + x, y: level === "upper" ? 0.5 - y : 0.5 + y };
}

function around(stream: Random, { x, y }: Point, reach: number): Point {
  const angle = stream.between(0, 2 * Math.PI);
  const radius = reach * Math.sqrt(stream.between(0, 1));
  return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
}

function besideLesion(stream: Random, { lesions, radius }: Finding, own: number): Point {
  const { x, y } = stream.pick(lesions);
  const angle = stream.between(0, 2 * Math.PI);
  const reach = radius + own + stream.between(0.015, 0.044);
  return { x: x + reach * Math.cos(angle), y: y + reach * Math.sin(angle) };
}

function retry<T>(times: number, make: () => T | undefined): T | undefined {
  for (let i = 0; i < times; i++) {
    const made = make();
    if (made !== undefined) return made;
  }
  return undefined;
}
