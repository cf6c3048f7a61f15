import type { Random } from "../../../kernels/random.ts";
import type { View } from "./scene.ts";
import { SceneImpossibleError } from "./sample-scene-wanted.ts";
import type { DeviceWish, FindingWish, Wanted } from "./sample-scene-wanted.ts";
import { DEVICES, FINDINGS, LEVELS, MODALITIES, SEVERITIES, SIDES, SIZES, organsOf } from "./vocabulary.ts";
import type { FindingKind, Modality, OrganKind, Size } from "./vocabulary.ts";

/** Radius of a lesion in picture widths. */
export const LESION_RADII: Record<Size, number> = { small: 0.045, large: 0.085 };

/** Room for all lesions of a scene, in squares around them; more would overcrowd the picture. */
const MOST_ROOM = 0.16;

/** What a scene is to show, every attribute drawn; the places are still open. */
export interface Plan {
  modality: Modality;
  view: View;
  organs: OrganKind[];
  findings: Required<FindingWish>[];
  devices: Required<DeviceWish>[];
  /** The finding that is placed close to the one before it, by index. */
  close?: number;
}

const SHARES_OF_FINDINGS = [0.1, 0.3, 0.4, 0.2];
const SHARES_OF_DEVICES = [0.45, 0.45, 0.1];
/** Organs that are wide enough for a lesion of every size. */
const WIDE: readonly OrganKind[] = ["corvane", "tessal", "zanthe", "aurel", "dusken", "glandor", "stromel"];

/** Draws every attribute that `wanted` leaves open. */
export function drawPlan(stream: Random, wanted: Wanted): Plan {
  const modality = wanted.modality ?? stream.pick(MODALITIES);
  const view: View = {
    rotation: stream.between(-0.15, 0.15),
    exposure: stream.between(0.9, 1.1),
    contrast: stream.between(0.87, 1.17),
    noise: stream.between(0.01, 0.026),
    blur: stream.between(0.25, 0.7),
    field: stream.between(0.9, 1),
  };
  const findings = drawFindings(stream, wanted, modality);
  const organs = drawOrgans(stream, wanted, modality, findings);
  const placed = findings.map((finding) => ({ ...finding, inside: drawInside(stream, finding, organs) }));
  const devices = drawDevices(stream, wanted, modality, organs, placed);
  const close = placed.length > 1 && stream.chance(0.45) ? 1 + stream.below(placed.length - 1) : undefined;
  return { modality, view, organs, findings: placed, devices, close };
}

function drawFindings(stream: Random, { findings, absent = [] }: Wanted, modality: Modality) {
  const [wishes, open] = readWishes(findings);
  const number = open ? Math.max(wishes.length, drawFrom(stream, SHARES_OF_FINDINGS)) : wishes.length;
  const others = stream.shuffle(
    FINDINGS.filter((kind) => !wishes.some((wish) => wish.kind === kind) && !absent.includes(kind)),
  );
  const all: FindingWish[] = [...wishes, ...others.slice(0, number - wishes.length).map((kind) => ({ kind }))];
  const room = modality === "ultrasound" || modality === "mr" ? MOST_ROOM * 0.85 : MOST_ROOM;
  for (let tries = 0; ; tries++) {
    const drawn = all.map((wish) => ({
      kind: wish.kind,
      count: wish.count ?? 1 + stream.below(3),
      size: wish.size ?? stream.pick(SIZES),
      severity: wish.severity ?? stream.pick(SEVERITIES),
      side: wish.side ?? stream.pick(SIDES),
      level: wish.level ?? stream.pick(LEVELS),
      inside: wish.inside,
    }));
    const needed = drawn.reduce((sum, { count, size }) => sum + count * (2 * LESION_RADII[size] + 0.03) ** 2, 0);
    const together = new Set(drawn.map(({ side, level }) => side + level)).size < drawn.length;
    if (tries > 60 || (needed <= room && !(together && needed > room * 0.6))) return drawn;
  }
}

function drawOrgans(
  stream: Random,
  { organs = [], findings, devices, absent = [] }: Wanted,
  modality: Modality,
  drawn: FindingWish[],
) {
  const known = organsOf(modality);
  const needed = new Set<OrganKind>(organs);
  for (const { inside } of readWishes(findings)[0]) if (inside) needed.add(inside);
  for (const { crosses } of readWishes(devices)[0]) if (crosses) needed.add(crosses);
  const few = known.length === 2;
  // A scene full of findings has room for two organs only.
  const crowded = drawn.length > 2 || drawn.reduce((sum, { count = 1 }) => sum + count, 0) > 4;
  const number = Math.max(needed.size, few ? 1 + stream.below(2) : crowded ? 2 : 2 + stream.below(2));
  const others = stream.shuffle(known.filter((kind) => !needed.has(kind) && !absent.includes(kind)));
  return [...needed, ...others].slice(0, number);
}

function drawInside(stream: Random, finding: FindingWish, organs: OrganKind[]): OrganKind | null {
  const half = stream.chance(0.55);
  if (finding.inside !== undefined) return finding.inside;
  const possible = finding.size === "large" ? organs.filter((kind) => WIDE.includes(kind)) : organs;
  return half && possible.length > 0 ? stream.pick(possible) : null;
}

function drawDevices(
  stream: Random,
  { devices, absent = [] }: Wanted,
  modality: Modality,
  organs: OrganKind[],
  findings: Required<FindingWish>[],
): Required<DeviceWish>[] {
  const [wishes, open] = readWishes(devices);
  const number =
    open && modality !== "histology" ? Math.max(wishes.length, drawFrom(stream, SHARES_OF_DEVICES)) : wishes.length;
  const others = stream.shuffle(
    DEVICES.filter((kind) => !wishes.some((wish) => wish.kind === kind) && !absent.includes(kind)),
  );
  const all: DeviceWish[] = [...wishes, ...others.slice(0, number - wishes.length).map((kind) => ({ kind }))];
  // A device over a finding that lies in an organ would run across the organ too.
  const coverable: FindingKind[] = findings.filter(({ inside }) => inside === null).map(({ kind }) => kind);
  const taken: FindingKind[] = [];
  return all.map((wish) => {
    const relation = stream.between(0, 1);
    const free = coverable.filter((kind) => !taken.includes(kind));
    const covers =
      wish.covers !== undefined
        ? wish.covers
        : !wish.crosses && relation < 0.28 && free.length > 0
          ? stream.pick(free)
          : null;
    const crosses =
      wish.crosses !== undefined
        ? wish.crosses
        : !covers && relation >= 0.28 && relation < 0.7
          ? stream.pick(organs)
          : null;
    if (covers) taken.push(covers);
    const covered = findings.find(({ kind }) => kind === covers);
    const side = wish.side ?? (covered && wish.kind !== "filome" ? covered.side : stream.pick(SIDES));
    const level = wish.level ?? (covered && wish.kind !== "filome" ? covered.level : stream.pick(LEVELS));
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
