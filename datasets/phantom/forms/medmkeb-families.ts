import type { Random } from "../../../kernels/random.ts";
import type { ReferenceKind } from "../questions/reference-templates.ts";
import { COUNTS } from "../questions/visual-asks.ts";
import type { VisualFamily } from "../questions/visual-templates.ts";
import type { Wanted } from "../world/sample-scene-wanted.ts";
import type { Scene } from "../world/scene.ts";
import { DEVICES, FINDINGS, MODALITIES, organsOf, SEVERITIES, SIDES, SIZES } from "../world/vocabulary.ts";
import type { DeviceKind, FindingKind, Modality, OrganKind, Severity, Side, Size } from "../world/vocabulary.ts";

/** What a picture is asked in a record: a question of the family about some entities, and its true answer. */
export interface Fact {
  modality: Modality;
  about: string[];
  answer: string;
}

/** One kind of edit. */
export interface EditFamily {
  /** Values of the metadata fields. */
  task: string;
  granularity: "image level" | "region level";
  originalTask: "classification" | "detection" | "counting";
  /** Where the pictures come from. */
  modalities: readonly Modality[];
  about(stream: Random, modality: Modality): string[];
  /** Every answer that the question can have in a modality. */
  answers(modality: Modality): readonly string[];
  /** The scene that makes the fact true. */
  wanted(fact: Fact): Wanted;
  /** Whether the answers are kinds of which a scene holds each at most once, so that an edit names one that is not there. */
  kinds?: true;
  /** The phrase that stands for the answer in questions that build on it, and what starts from it. */
  reference?: { kind: ReferenceKind; seen: "finding" | "device" | "organ" };
  /** Families of questions about the same picture whose answers the edit leaves as they are. */
  unrelated: readonly VisualFamily[];
}

const DEVICE_MODALITIES = MODALITIES.filter((modality) => modality !== "histology");
const ATTRIBUTES = ["finding-size", "finding-severity", "finding-count", "finding-level"] as const;
const ORGANS_SEEN = ["organ-present", "organ-side"] as const;
const DEVICES_SEEN = ["device-kind", "device-side"] as const;

const findings = (wish: object): Wanted => ({ findings: { atLeast: [wish as { kind: FindingKind }] } });

const attribute = (task: string, answers: readonly string[], wish: (answer: string) => object): EditFamily => ({
  task,
  granularity: "region level",
  originalTask: task === "Counting" ? "counting" : "classification",
  modalities: MODALITIES,
  about: (stream) => [stream.pick(FINDINGS)],
  answers: () => answers,
  wanted: ({ about, answer }) => findings({ kind: about[0], ...wish(answer) }),
  unrelated: ["modality", ...ORGANS_SEEN, ...DEVICES_SEEN, ...ATTRIBUTES],
});

export const EDIT_FAMILIES = {
  "finding-in-organ": {
    task: "Disease Diagnosis",
    granularity: "region level",
    originalTask: "detection",
    modalities: MODALITIES,
    about: (stream, modality) => [stream.pick(organsOf(modality))],
    answers: () => FINDINGS,
    wanted: ({ about, answer }) => findings({ kind: answer, inside: about[0] as OrganKind }),
    kinds: true,
    reference: { kind: "finding-in-organ", seen: "finding" },
    unrelated: ["modality", ...ORGANS_SEEN, ...DEVICES_SEEN, "device-crosses"],
  },
  "device-kind": {
    task: "Surgical Instrument Recognition",
    granularity: "image level",
    originalTask: "classification",
    modalities: DEVICE_MODALITIES,
    about: () => [],
    answers: () => [...DEVICES, "none"],
    wanted: ({ answer }) => ({ devices: { exactly: answer === "none" ? [] : [{ kind: answer as DeviceKind }] } }),
    reference: { kind: "only-device", seen: "device" },
    unrelated: ["modality", ...ORGANS_SEEN, ...ATTRIBUTES, "finding-side", "finding-on-side"],
  },
  "finding-size": attribute("Attribute Recognition", SIZES, (size) => ({ size: size as Size })),
  "finding-on-side": {
    task: "Disease Diagnosis",
    granularity: "region level",
    originalTask: "detection",
    modalities: MODALITIES,
    about: (stream) => [stream.pick(SIDES)],
    answers: () => FINDINGS,
    wanted: ({ about, answer }) => findings({ kind: answer, side: about[0] as Side }),
    kinds: true,
    reference: { kind: "finding-on-side", seen: "finding" },
    unrelated: ["modality", ...ORGANS_SEEN, ...DEVICES_SEEN, "device-crosses"],
  },
  "device-crosses": {
    task: "Organ Recognition",
    granularity: "region level",
    originalTask: "detection",
    modalities: DEVICE_MODALITIES,
    about: (stream) => [stream.pick(DEVICES)],
    answers: (modality) => [...organsOf(modality), "none"],
    wanted: ({ about, answer }) => {
      const crosses = answer === "none" ? null : (answer as OrganKind);
      return { devices: { atLeast: [{ kind: about[0] as DeviceKind, crosses }] } };
    },
    reference: { kind: "organ-crossed", seen: "organ" },
    unrelated: ["modality", ...DEVICES_SEEN, ...ORGANS_SEEN, ...ATTRIBUTES, "finding-side", "finding-on-side"],
  },
  "finding-severity": attribute("Severity Grading", SEVERITIES, (severity) => ({ severity: severity as Severity })),
  modality: {
    task: "Modality Recognition",
    granularity: "image level",
    originalTask: "classification",
    modalities: MODALITIES,
    about: () => [],
    answers: () => MODALITIES,
    wanted: () => ({}),
    unrelated: ["finding-side", "finding-on-side", ...ATTRIBUTES, "device-side"],
  },
  "finding-count": attribute("Counting", COUNTS, (count) => ({ count: COUNTS.indexOf(count) + 1 })),
  "finding-side": attribute("Attribute Recognition", SIDES, (side) => ({ side: side as Side })),
} as const satisfies Partial<Record<VisualFamily, EditFamily>>;

export type EditFamilyName = keyof typeof EDIT_FAMILIES;
export const EDIT_FAMILY_NAMES = Object.keys(EDIT_FAMILIES) as EditFamilyName[];
export const editFamily = (name: EditFamilyName): EditFamily => EDIT_FAMILIES[name];

/** Answers that an edit may give instead of the true one. */
export function alternatives(name: EditFamilyName, { modality, answer }: Fact, scene: Scene): string[] {
  const family = editFamily(name);
  const present: readonly string[] = family.kinds ? scene.findings.map(({ kind }) => kind) : [];
  return family.answers(modality).filter((other) => other !== answer && !present.includes(other));
}
