import type { Random } from "../../../kernels/random.ts";
import { placeDevice, placeFinding, placeOrgan } from "./sample-scene-place.ts";
import type { Device, EntityKind, Finding, Point, Scene } from "./scene.ts";
import { LEVELS, SIDES } from "./vocabulary.ts";

/** The one of two values that is not this one. */
export const other = <T>(values: readonly T[], value: T): T => values.find((candidate) => candidate !== value)!;

/**
 * The scene with a finding or a device at the other side or level: mirrored on the first attempt, placed anew on later ones. The result may
 * be unreadable; undefined where no place was found.
 */
export function moved(
  scene: Scene,
  entity: Finding | Device,
  attribute: "side" | "level",
  stream: Random,
  attempt: number,
): Scene | undefined {
  const side = attribute === "side" ? other(SIDES, entity.side) : entity.side;
  const level = attribute === "level" ? other(LEVELS, entity.level) : entity.level;
  const rest: Scene = {
    ...scene,
    findings: scene.findings.filter((one) => one !== entity),
    devices: scene.devices.filter((one) => one !== entity),
  };
  // An organ has no side: the one in which or across which the entity lies comes along, unless it holds something else.
  const host = "lesions" in entity ? entity.inside : entity.crosses;
  const shared =
    rest.findings.some(({ inside }) => inside === host) || rest.devices.some(({ crosses }) => crosses === host);
  if (host && !shared && attempt % 4 > 0) {
    const organs = scene.organs.filter(({ kind }) => kind !== host);
    const organ = placeOrgan(stream, host, { ...rest, organs }, { side, level });
    if (!organ) return undefined;
    rest.organs = scene.organs.map((one) => (one.kind === host ? organ : one));
  }
  if ("lesions" in entity) {
    const inside = entity.inside ?? null;
    const finding: Finding | undefined =
      attempt === 0
        ? { ...entity, side, level, lesions: entity.lesions.map(mirror(attribute)) }
        : placeFinding(stream, { ...entity, count: entity.lesions.length, inside, side, level }, rest);
    return finding && { ...rest, findings: inPlaceOf(scene.findings, finding), devices: scene.devices };
  }
  const { kind, crosses = null, covers = null } = entity;
  const device =
    attempt === 0
      ? { ...entity, side, level, path: entity.path.map(mirror(attribute)) }
      : placeDevice(stream, { kind, side, level, crosses, covers }, rest);
  return device && { ...rest, findings: scene.findings, devices: inPlaceOf(scene.devices, device) };
}

const mirror =
  (attribute: "side" | "level") =>
  ({ x, y }: Point): Point =>
    attribute === "side" ? { x: 1 - x, y } : { x, y: 1 - y };

/** The list with the one of the same kind replaced; its order is the order of drawing. */
export const inPlaceOf = <T extends { kind: EntityKind }>(list: T[], next: T): T[] =>
  list.map((one) => (one.kind === next.kind ? next : one));
