import { chains, headOf, PATHS } from "../knowledge/chains.ts";
import type { Relation } from "../knowledge/relations.ts";
import type { Scene } from "../world/scene.ts";
import { SIDES } from "../world/vocabulary.ts";
import type { Ask } from "./ask.ts";
import { nest } from "./nest.ts";
import { REFERENCE_TEMPLATES, type ReferenceKind } from "./reference-templates.ts";
import { choose, fill } from "./templates.ts";
import { only } from "./visual-asks.ts";

/** Paths that start from what is seen: each needs the picture for its head and the knowledge base for the rest. */
export const SEEN_PATHS: Readonly<Record<"finding" | "device" | "organ", readonly (readonly Relation[])[]>> = {
  finding: [["leading-condition"], ...PATHS.filter((path) => headOf(path) === "finding")],
  device: [["purpose"]],
  organ: [["function"]],
};
type Seen = keyof typeof SEEN_PATHS;

export const familyOf = (seen: Seen, path: readonly Relation[]): string => `seen-${seen}/${path.join("/")}`;

/** Everything that can be asked about what the knowledge base says of an entity that a scene shows and the question does not name. */
export const portabilityAsks = ({ organs, findings, devices }: Scene): Ask[] => [
  ...only(findings, ({ kind }) => asks("finding", kind, "only-finding")),
  ...organs.flatMap((organ) => {
    const inside = findings.filter((finding) => finding.inside === organ.kind);
    return only(inside, ({ kind }) => asks("finding", kind, "finding-in-organ", organ.kind));
  }),
  ...SIDES.flatMap((side) => {
    const there = findings.filter((finding) => finding.side === side);
    return only(there, ({ kind }) => asks("finding", kind, "finding-on-side", side));
  }),
  ...only(devices, ({ kind }) => asks("device", kind, "only-device")),
  ...devices.flatMap(({ kind, crosses }) => (crosses ? asks("organ", crosses, "organ-crossed", kind) : [])),
  ...findings.flatMap(({ kind, inside }) => (inside ? asks("organ", inside, "organ-of-finding", kind) : [])),
];

function asks(seen: Seen, head: string, reference: ReferenceKind, x?: string): Ask[] {
  // A reference that happens to name the answer, such as the organ that the condition affects too, would give it away.
  const paths = SEEN_PATHS[seen].filter((path) => chains(head, path).at(-1) !== x);
  return paths.map((path) => ({
    family: familyOf(seen, path),
    answer: chains(head, path).at(-1)!,
    hops: path.length as 1 | 2 | 3,
    about: x === undefined ? [head] : [head, x],
    word(split, random) {
      const { text, index } = choose(REFERENCE_TEMPLATES[reference], split, random);
      const { question, template } = nest(path, fill(text, { x: x ?? "" }), split, random);
      return { question, template: `${template}:${reference}/${index}` };
    },
  }));
}
