import { random } from "../../../kernels/random.ts";
import type { Random } from "../../../kernels/random.ts";
import { organShapes } from "../render/shapes/organ-shapes.ts";
import { neighbours } from "./sample-scene-neighbours.ts";
import { inPlaceOf, moved, other } from "./sample-scene-move.ts";
import { placeDevice, placeFinding, placeOrgan } from "./sample-scene-place.ts";
import { LESION_RADII } from "./sample-scene-plan.ts";
import { sceneFits } from "./sample-scene-rules.ts";
import type { Device, EntityKind, Finding, Organ, Scene } from "./scene.ts";
import { textSeed } from "./text-seed.ts";
import { DEVICES, FINDINGS, LEVELS, SEVERITIES, SIDES, SIZES, organsOf } from "./vocabulary.ts";
import type { DeviceKind, FindingKind, OrganKind } from "./vocabulary.ts";

/** One change of one entity. Attributes with two values take the other one; `to` is drawn where it is left out. */
export type Change =
  | { entity: FindingKind | DeviceKind; attribute: "side" | "level" }
  | { entity: FindingKind; attribute: "size" | "severity" }
  | { entity: FindingKind; attribute: "count"; to?: number }
  /** Another kind of the same sort in its place. */
  | { entity: EntityKind; attribute: "kind"; to?: EntityKind }
  /** Taken away if it is there, added if it is not. */
  | { entity: EntityKind; attribute: "presence" };

const ATTEMPTS = 120;

/**
 * The same scene with one attribute of one entity changed, and a seed of its own, so that texture and noise are new. All other attributes
 * of all entities stay, and so does what is next to what among the entities that stay; relations follow an entity whose kind changes.
 * The organ in which a moved finding lies, or which a moved device crosses, may move along. The same scene and change give the same result.
 *
 * @returns undefined where no such scene is readable, for example when a device covers the finding that is to move.
 */
export function withChange(scene: Scene, change: Change): Scene | undefined {
  const stream = random(scene.seed ^ textSeed(JSON.stringify(change)));
  const seed = stream.below(2 ** 31 - 1);
  for (let i = 0; i < ATTEMPTS; i++) {
    const next = attempt(scene, change, stream, i);
    if (next && sceneFits(next) && sameNeighbours(scene, next, change)) return { ...next, seed };
  }
  return undefined;
}

function attempt(scene: Scene, change: Change, stream: Random, i: number): Scene | undefined {
  if (change.attribute === "presence") return togglePresence(scene, change.entity, stream);
  if (change.attribute === "kind") return exchangeKind(scene, change.entity, change.to, stream);
  const finding = scene.findings.find(({ kind }) => kind === change.entity);
  const device = scene.devices.find(({ kind }) => kind === change.entity);
  if (change.attribute === "side" || change.attribute === "level") {
    const entity = finding ?? device;
    return entity && moved(scene, entity, change.attribute, stream, i);
  }
  const next = finding && alterFinding(finding, change as FindingChange, scene, stream, i);
  return next && { ...scene, findings: inPlaceOf(scene.findings, next) };
}

type FindingChange = Extract<Change, { attribute: "size" | "severity" | "count" }>;

/** The finding with one attribute changed: where it stands, if that may do, otherwise at new places. */
function alterFinding(
  finding: Finding,
  change: FindingChange,
  scene: Scene,
  stream: Random,
  i: number,
): Finding | undefined {
  const wish = { ...finding, count: finding.lesions.length, inside: finding.inside ?? null };
  const rest = { ...scene, findings: scene.findings.filter((one) => one !== finding) };
  switch (change.attribute) {
    case "severity":
      return { ...finding, severity: other(SEVERITIES, finding.severity) };
    case "size": {
      const size = other(SIZES, finding.size);
      if (i === 0) return { ...finding, size, radius: LESION_RADII[size] };
      return placeFinding(stream, { ...wish, size }, rest);
    }
    case "count": {
      const count = change.to ?? stream.pick([1, 2, 3].filter((n) => n !== wish.count));
      if (![1, 2, 3].includes(count) || count === wish.count) return undefined;
      // Taking lesions away leaves the others where they are.
      if (count < wish.count) return { ...finding, lesions: stream.shuffle(finding.lesions).slice(0, count) };
      return placeFinding(stream, { ...wish, count }, rest);
    }
  }
}

/** Relations name kinds, so they follow the one that changes. */
function exchangeKind(scene: Scene, entity: EntityKind, to: EntityKind | undefined, stream: Random): Scene | undefined {
  const [sort, known] = sortOf(scene, entity);
  const there: EntityKind[] = scene[sort].map(({ kind }) => kind);
  if (!there.includes(entity)) return undefined;
  const free = known.filter((kind) => !there.includes(kind) && (to === undefined || kind === to));
  if (free.length === 0) return undefined;
  const kind = stream.pick(free);
  const renamed = <T extends EntityKind>(name: T | undefined) => (name === entity ? (kind as T) : name);
  const organs = scene.organs.map((organ) =>
    organ.kind === entity ? reshaped(organ, kind as OrganKind, stream) : organ,
  );
  const findings = scene.findings.map((finding) => ({
    ...finding,
    kind: renamed(finding.kind)!,
    ...(finding.inside && { inside: renamed(finding.inside) }),
  }));
  const devices: Device[] = [];
  for (const device of scene.devices) {
    const relations = {
      ...(device.crosses && { crosses: renamed(device.crosses) }),
      ...(device.covers && { covers: renamed(device.covers) }),
    };
    if (device.kind !== entity) devices.push({ ...device, ...relations });
    else {
      const { side, level, crosses = null, covers = null } = device;
      const rest = { ...scene, devices: scene.devices.filter((one) => one !== device) };
      const made = placeDevice(stream, { kind: kind as DeviceKind, side, level, crosses, covers }, rest);
      if (!made) return undefined;
      devices.push(made);
    }
  }
  return { ...scene, organs, findings, devices };
}

const reshaped = (organ: Organ, kind: OrganKind, stream: Random): Organ => ({
  ...organ,
  kind,
  radius: stream.between(...organShapes[kind].radius),
  angle: stream.between(0, 2 * Math.PI),
});

function togglePresence(scene: Scene, entity: EntityKind, stream: Random): Scene | undefined {
  const [sort] = sortOf(scene, entity);
  const body = organsOf(scene.modality).length > 2;
  const fewest = sort === "organs" ? (body ? 2 : 1) : 0;
  const most = sort === "devices" ? (scene.modality === "histology" ? 0 : 2) : 3;
  if (scene[sort].some(({ kind }) => kind === entity)) {
    // What others lie in, cross or cover cannot go without changing them.
    const held =
      scene.findings.some(({ inside }) => inside === entity) ||
      scene.devices.some(({ crosses, covers }) => crosses === entity || covers === entity);
    if (held || scene[sort].length <= fewest) return undefined;
    return { ...scene, [sort]: scene[sort].filter(({ kind }) => kind !== entity) };
  }
  if (scene[sort].length >= most) return undefined;
  const made = add(scene, sort, entity, stream);
  return made && { ...scene, [sort]: [...scene[sort], made] };
}

function add(scene: Scene, sort: Sort, entity: EntityKind, stream: Random): Organ | Finding | Device | undefined {
  if (sort === "organs")
    return organsOf(scene.modality).includes(entity as OrganKind)
      ? placeOrgan(stream, entity as OrganKind, scene)
      : undefined;
  const side = stream.pick(SIDES);
  const level = stream.pick(LEVELS);
  if (sort === "devices")
    return placeDevice(stream, { kind: entity as DeviceKind, side, level, crosses: null, covers: null }, scene);
  const inside = stream.chance(0.5) ? stream.pick(scene.organs).kind : null;
  const count = 1 + stream.below(3);
  const wish = { count, size: stream.pick(SIZES), severity: stream.pick(SEVERITIES), side, level, inside };
  return placeFinding(stream, { kind: entity as FindingKind, ...wish }, scene);
}

type Sort = "organs" | "findings" | "devices";

function sortOf({ modality }: Scene, entity: EntityKind): [Sort, readonly EntityKind[]] {
  if ((FINDINGS as readonly string[]).includes(entity)) return ["findings", FINDINGS];
  if ((DEVICES as readonly string[]).includes(entity)) return ["devices", DEVICES];
  return ["organs", organsOf(modality)];
}

/** Whether those that stay in both scenes have the same neighbours; where a kind changes, the new one counts as the old one. */
function sameNeighbours(before: Scene, after: Scene, { attribute, entity }: Change): boolean {
  const there = new Set<string>([...before.findings, ...before.devices].map(({ kind }) => kind));
  const words = (scene: Scene) =>
    neighbours(scene)
      .map((pair) => pair.map((kind): string => (there.has(kind) ? kind : entity)))
      .filter((pair) => attribute !== "presence" || !pair.includes(entity))
      .map((pair) => pair.sort().join(" "))
      .sort()
      .join(",");
  return words(before) === words(after);
}
