import { requireKnown } from "../../../kernels/nearest-name.ts";
import { PATHS } from "../knowledge/chains.ts";
import { ENTITIES } from "../knowledge/entities.ts";
import { RELATION_NAMES, RELATIONS, type Relation } from "../knowledge/relations.ts";
import { DEVICES, FINDINGS, LEVELS, MODALITIES, ORGANS, SEVERITIES, SIDES, SIZES } from "../world/vocabulary.ts";
import { familyOf, SEEN_PATHS } from "./portability-asks.ts";
import { COUNTS } from "./visual-asks.ts";
import type { VisualFamily } from "./visual-templates.ts";

const YES_NO = ["yes", "no"];

const VISUAL_ANSWERS: Readonly<Record<VisualFamily, readonly string[]>> = {
  modality: MODALITIES,
  "organ-present": YES_NO,
  "organ-side": SIDES,
  "finding-present": YES_NO,
  "finding-absent": YES_NO,
  "finding-in-organ": FINDINGS,
  "finding-on-side": FINDINGS,
  "finding-side": SIDES,
  "finding-level": LEVELS,
  "finding-size": SIZES,
  "finding-count": COUNTS,
  "finding-severity": SEVERITIES,
  "device-kind": [...DEVICES, "none"],
  "device-side": SIDES,
  "device-crosses": [...ORGANS, "none"],
  "device-covers": YES_NO,
  "next-to": [...FINDINGS, ...DEVICES],
};

const ends = (path: readonly Relation[]): readonly string[] => ENTITIES[RELATIONS[path.at(-1)!].tail];
const seen = (["finding", "device", "organ"] as const).flatMap((kind) =>
  SEEN_PATHS[kind].map((path) => [familyOf(kind, path), ends(path)] as const),
);

const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  ...VISUAL_ANSWERS,
  ...Object.fromEntries(seen),
  ...Object.fromEntries(RELATION_NAMES.map((relation) => [relation, ends([relation])])),
  ...Object.fromEntries(PATHS.map((path) => [path.join("/"), ends(path)])),
  claim: YES_NO,
  "negated-claim": YES_NO,
};

/** Answered by the picture alone. */
export const VISUAL_FAMILIES = Object.keys(VISUAL_ANSWERS) as VisualFamily[];
/** Answered by the picture and the knowledge base together. */
export const PORTABILITY_FAMILIES: readonly string[] = seen.map(([family]) => family);
/** Answered by one fact. */
export const TEXT_FAMILIES: readonly string[] = [...RELATION_NAMES, "claim", "negated-claim"];

/** Every answer that questions of a family can have. Throws: UnknownNameError for a family that does not exist. */
export const answersOf = (family: string): readonly string[] =>
  ANSWERS[requireKnown("question family", family, Object.keys(ANSWERS))];
