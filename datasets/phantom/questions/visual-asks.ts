import type { Device, EntityKind, Finding, Organ, Scene } from "../world/scene.ts";
import { FINDINGS, ORGANS, SIDES, type Side } from "../world/vocabulary.ts";
import type { Ask } from "./ask.ts";
import { choose, fill } from "./templates.ts";
import { VISUAL_TEMPLATES, type VisualFamily } from "./visual-templates.ts";

/** The pairs of entities that lie next to each other. */
export type Neighbours = (scene: Scene) => readonly (readonly [EntityKind, EntityKind])[];

/** Everything that can be asked about what a scene shows, without any knowledge. */
export const visualAsks = (scene: Scene, neighbours: Neighbours): Ask[] => [
  ask("modality", scene.modality),
  ...ORGANS.map((kind) => ask("organ-present", yesNo(scene.organs.some((organ) => organ.kind === kind)), kind)),
  ...FINDINGS.flatMap((kind) => {
    const present = scene.findings.some((finding) => finding.kind === kind);
    return [ask("finding-present", yesNo(present), kind), ask("finding-absent", yesNo(!present), kind)];
  }),
  ...scene.organs.flatMap((organ) => organAsks(organ, scene)),
  ...SIDES.flatMap((side) =>
    only(
      scene.findings.filter((finding) => finding.side === side),
      (found) => [ask("finding-on-side", found.kind, side)],
    ),
  ),
  ...scene.findings.flatMap(findingAsks),
  ...deviceKindAsks(scene),
  ...scene.devices.flatMap((device) => deviceAsks(device, scene)),
  ...neighbourAsks(neighbours(scene)),
];

function ask(family: VisualFamily, answer: string, x?: string, y?: string): Ask {
  const slots = { x: x ?? "", y: y ?? "" };
  return {
    family,
    answer,
    hops: 0,
    about: [x, y].filter((kind) => kind !== undefined),
    word(split, random) {
      const { text, index } = choose(VISUAL_TEMPLATES[family], split, random);
      return { question: fill(text, slots), template: `${split}/${index}` };
    },
  };
}

function organAsks(organ: Organ, { findings }: Scene): Ask[] {
  const side = sideOf(organ);
  const inside = findings.filter((finding) => finding.inside === organ.kind);
  return [
    ...(side ? [ask("organ-side", side, organ.kind)] : []),
    ...only(inside, (found) => [ask("finding-in-organ", found.kind, organ.kind)]),
  ];
}

/** The side on which most of an organ lies; none when it lies across the middle of the picture. */
export function sideOf({ centre, radius }: Organ): Side | undefined {
  const offset = centre.x - 0.5;
  if (Math.abs(offset) < Math.max(0.1, radius / 2)) return undefined;
  return offset < 0 ? "left" : "right";
}

export const COUNTS = ["one", "two", "three"];

const findingAsks = ({ kind, side, level, size, severity, lesions }: Finding): Ask[] => [
  ask("finding-side", side, kind),
  ask("finding-level", level, kind),
  ask("finding-size", size, kind),
  ask("finding-count", COUNTS[lesions.length - 1], kind),
  ask("finding-severity", severity, kind),
];

/** Asked where there is at most one. Histology never shows a device, so there the question could be answered unseen. */
function deviceKindAsks({ modality, devices }: Scene): Ask[] {
  if (modality === "histology" || devices.length > 1) return [];
  return [ask("device-kind", devices[0]?.kind ?? "none")];
}

const deviceAsks = ({ kind, side, crosses, covers }: Device, { findings }: Scene): Ask[] => [
  ask("device-side", side, kind),
  ask("device-crosses", crosses ?? "none", kind),
  ...findings.map((finding) => ask("device-covers", yesNo(covers === finding.kind), kind, finding.kind)),
];

function neighbourAsks(pairs: readonly (readonly [EntityKind, EntityKind])[]): Ask[] {
  const of = new Map<EntityKind, EntityKind[]>();
  for (const [a, b] of pairs) {
    of.set(a, [...(of.get(a) ?? []), b]);
    of.set(b, [...(of.get(b) ?? []), a]);
  }
  return [...of].flatMap(([kind, others]) => only(others, (other) => [ask("next-to", other, kind)]));
}

const yesNo = (holds: boolean) => (holds ? "yes" : "no");

/** What a list of one leads to; of any other list the question would have no single answer. */
export const only = <T, R>(items: readonly T[], then: (item: T) => R[]): R[] =>
  items.length === 1 ? then(items[0]) : [];
