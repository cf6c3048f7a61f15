import type { Random } from "../../../kernels/random.ts";
import type { View } from "./scene.ts";
import { SceneImpossibleError } from "./sample-scene-wanted.ts";
import type { DeviceWish, FindingWish, Wanted } from "./sample-scene-wanted.ts";
import { DEVICES, FINDINGS, LEVELS, SEVERITIES, SIDES, SIZES, organsOf } from "./vocabulary.ts";
import type { FindingKind, Modality, OrganKind, Size } from "./vocabulary.ts";

/** Radius of a lesion in picture widths. */
export const LESION_RADII: Record<Size, number> = { small: 0.045, large: 0.08 };

/** Room for the lesions of a quarter and of all the picture, in squares around them; more would overcrowd it. */
const MOST_IN_QUARTER = 0.125;
const MOST_IN_ALL = 0.2;
const MOST_IN_BODY = 0.15;

/** What a scene is to show, every attribute drawn; the places are still open. */
export interface Plan {
  modality: Modality;
  view: View;
  /** The first `needed` of them must find a place; of the others only so many that there are `fewest`. */
  organs: OrganKind[];
  needed: number;
  fewest: number;
  findings: Required<FindingWish>[];
  devices: Required<DeviceWish>[];
  /** The finding that is placed close to the one before it, by index. */
  close?: number;
}

const SHARES_OF_FINDINGS = [0.1, 0.3, 0.4, 0.2];
const SHARES_OF_DEVICES = [0.42, 0.47, 0.11];
/** Shares of devices that cover a finding, where one is free, and that cross an organ; more are drawn than find a place. */
const COVERING = 0.3;
const CROSSING = 0.46;
/** Share of scenes with several findings in which one is placed close to another. */
const NEXT_TO = 0.5;
/** Share of findings that lie in an organ, among those that fit into one: about half of all. */
const NESTED = 0.75;
/** Organs that are wide enough for a large lesion. */
const WIDE: readonly OrganKind[] = ["corvane", "tessal", "aurel", "dusken", "glandor", "stromel"];

/** What is drawn once for a scene, so that what fits easily is not drawn more often than the rest. */
export interface Core {
  modality: Modality;
  view: View;
  findings: DrawnFinding[];
  /** The finding that is placed close to the one before it, by index. */
  close?: number;
  devices: DeviceWish[];
}

/** `nested`: whether it shall lie in an organ, where that is left open and some organ has room for it. */
type DrawnFinding = Required<Omit<FindingWish, "inside">> & Pick<FindingWish, "inside"> & { nested: boolean };

/** Draws all that `wanted` leaves open but relations and organs. */
export function drawCore(stream: Random, wanted: Wanted, modality: Modality): Core {
  const view: View = {
    rotation: stream.between(-0.15, 0.15),
    exposure: stream.between(0.9, 1.1),
    contrast: stream.between(0.87, 1.17),
    noise: stream.between(0.01, 0.026),
    blur: stream.between(0.25, 0.7),
    field: stream.between(0.92, 1),
  };
  const { findings, close } = drawFindings(stream, wanted, modality);
  return { modality, view, findings, close, devices: drawDevices(stream, wanted, modality) };
}

/** Draws the organs, and what lies in, crosses, covers or stands next to what. */
export function drawPlan(stream: Random, wanted: Wanted, core: Core): Plan {
  const { organs, needed, fewest } = drawOrgans(stream, wanted, core.modality);
  const findings = core.findings.map((finding) => ({ ...finding, inside: drawInside(stream, finding, organs) }));
  const devices = relateDevices(stream, core.devices, organs, findings);
  return { ...core, organs, needed, fewest, findings, devices };
}

function drawFindings(
  stream: Random,
  { findings, absent = [] }: Wanted,
  modality: Modality,
): Pick<Core, "findings" | "close"> {
  const mostInAll = modality === "ct" || modality === "mr" ? MOST_IN_BODY : MOST_IN_ALL;
  const [wishes, open] = readWishes(findings);
  const number = open ? Math.max(wishes.length, drawFrom(stream, SHARES_OF_FINDINGS)) : wishes.length;
  const others = stream.shuffle(
    FINDINGS.filter((kind) => !wishes.some((wish) => wish.kind === kind) && !absent.includes(kind)),
  );
  const all: FindingWish[] = [...wishes, ...others.slice(0, number - wishes.length).map((kind) => ({ kind }))];
  const drawn = all.map((wish) => ({
    kind: wish.kind,
    size: wish.size ?? stream.pick(SIZES),
    severity: wish.severity ?? stream.pick(SEVERITIES),
    inside: wish.inside,
    nested: stream.chance(NESTED),
  }));
  const close = all.length > 1 && stream.chance(NEXT_TO) ? 1 + stream.below(all.length - 1) : undefined;
  // Counts and places give way to a lack of room; sizes do not, so that both stay equally frequent.
  for (let tries = 0; ; tries++) {
    const placed = drawn.map((finding, i) => ({
      ...finding,
      count: all[i].count ?? 1 + stream.below(3),
      side: all[i].side ?? stream.pick(SIDES),
      level: all[i].level ?? stream.pick(LEVELS),
    }));
    if (close !== undefined) {
      // Neighbours across the middle of the picture would be rare.
      placed[close].side = all[close].side ?? placed[close - 1].side;
      placed[close].level = all[close].level ?? placed[close - 1].level;
    }
    const room = new Map<string, number>();
    for (const { count, size, side, level } of placed) {
      const quarter = side + level;
      room.set(quarter, (room.get(quarter) ?? 0) + count * (2 * LESION_RADII[size] + 0.03) ** 2);
    }
    const rooms = [...room.values()];
    const fits = Math.max(0, ...rooms) <= MOST_IN_QUARTER && rooms.reduce((sum, part) => sum + part, 0) <= mostInAll;
    if (fits || tries > 40) return { findings: placed, close };
  }
}

function drawOrgans(stream: Random, { organs = [], findings, devices, absent = [] }: Wanted, modality: Modality) {
  const known = organsOf(modality);
  const needed = new Set<OrganKind>(organs);
  for (const { inside } of readWishes(findings)[0]) if (inside) needed.add(inside);
  for (const { crosses } of readWishes(devices)[0]) if (crosses) needed.add(crosses);
  const few = known.length === 2;
  const number = Math.max(needed.size, few ? 1 + stream.below(2) : 2 + stream.below(2));
  const others = stream.shuffle(known.filter((kind) => !needed.has(kind) && !absent.includes(kind)));
  const all = [...needed, ...others].slice(0, number);
  return { organs: all, needed: needed.size, fewest: few ? 1 : 2 };
}

function drawInside(stream: Random, finding: DrawnFinding, organs: OrganKind[]): OrganKind | null {
  if (finding.inside !== undefined) return finding.inside;
  // No organ holds several large lesions.
  const possible =
    finding.size === "small" ? organs : finding.count === 1 ? organs.filter((kind) => WIDE.includes(kind)) : [];
  return finding.nested && possible.length > 0 ? stream.pick(possible) : null;
}

function drawDevices(stream: Random, { devices, absent = [] }: Wanted, modality: Modality): DeviceWish[] {
  const [wishes, open] = readWishes(devices);
  const number =
    open && modality !== "histology" ? Math.max(wishes.length, drawFrom(stream, SHARES_OF_DEVICES)) : wishes.length;
  const others = stream.shuffle(
    DEVICES.filter((kind) => !wishes.some((wish) => wish.kind === kind) && !absent.includes(kind)),
  );
  return [...wishes, ...others.slice(0, number - wishes.length).map((kind) => ({ kind }))];
}

function relateDevices(
  stream: Random,
  devices: DeviceWish[],
  organs: OrganKind[],
  findings: Required<FindingWish>[],
): Required<DeviceWish>[] {
  // A device over a finding that lies in an organ would run across the organ too.
  const free: FindingKind[] = findings.filter(({ inside }) => inside === null).map(({ kind }) => kind);
  return devices.map((wish) => {
    const relation = stream.between(0, 1);
    const mayCover = wish.covers === undefined && !wish.crosses && relation < COVERING && free.length > 0;
    const covers = wish.covers ?? (mayCover ? stream.pick(free) : null);
    const mayCross = wish.crosses === undefined && !covers && relation >= COVERING && relation < COVERING + CROSSING;
    const crosses = wish.crosses ?? (mayCross ? stream.pick(organs) : null);
    if (covers && free.includes(covers)) free.splice(free.indexOf(covers), 1);
    // What covers a finding stands where the finding is.
    const where = findings.find(({ kind }) => kind === covers);
    const side = wish.side ?? where?.side ?? stream.pick(SIDES);
    const level = wish.level ?? where?.level ?? stream.pick(LEVELS);
    return { kind: wish.kind, side, level, crosses, covers };
  });
}

/** The wishes of a list, and whether others may stand beside them. */
export function readWishes<T>(list: { exactly: T[] } | { atLeast: T[] } | undefined): [T[], boolean] {
  if (!list) return [[], true];
  return "exactly" in list ? [list.exactly, false] : [list.atLeast, true];
}

function drawFrom(stream: Random, shares: number[]): number {
  let left = stream.between(0, 1);
  const i = shares.findIndex((share) => (left -= share) < 0);
  return i < 0 ? shares.length - 1 : i;
}

/** Throws: SceneImpossibleError for a wish that contradicts itself or the world. */
export function refuseContradictions({ modality, organs = [], findings, devices, absent = [] }: Wanted): void {
  const refuse = (what: string, next: string): never => {
    throw new SceneImpossibleError(`sampleScene: ${what}. ${next}`);
  };
  const findingWishes = readWishes(findings)[0];
  const deviceWishes = readWishes(devices)[0];
  const mentioned = [
    ...organs,
    ...findingWishes.flatMap(({ inside }) => (inside ? [inside] : [])),
    ...deviceWishes.flatMap(({ crosses }) => (crosses ? [crosses] : [])),
  ];
  const kinds = [...findingWishes, ...deviceWishes].map(({ kind }) => kind);
  const twice = kinds.find((kind, i) => kinds.indexOf(kind) !== i);
  if (twice) refuse(`"${twice}" is wanted twice`, "A kind stands in a scene once; give it a count.");
  const both = [...kinds, ...mentioned].find((kind) => absent.includes(kind));
  if (both) refuse(`"${both}" is wanted and absent`, "Drop one of the two.");
  if (modality) {
    const foreign = mentioned.find((kind) => !organsOf(modality).includes(kind));
    if (foreign) refuse(`${modality} shows no "${foreign}"`, `It shows ${organsOf(modality).join(", ")}.`);
    if (modality === "histology" && deviceWishes.length > 0)
      refuse("histology shows no devices", "Take another modality.");
  }
  const count = findingWishes.find(({ count }) => count !== undefined && ![1, 2, 3].includes(count));
  if (count) refuse(`count ${count.count} of "${count.kind}" is not 1, 2 or 3`, "Take one of these.");
  const hidden = deviceWishes.find(({ covers }) => covers && !findingWishes.some(({ kind }) => kind === covers));
  if (hidden)
    refuse(`"${hidden.kind}" is to cover "${hidden.covers}", which is not among the wanted findings`, "Add it there.");
}
