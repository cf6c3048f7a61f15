import { random } from "../../../kernels/random.ts";
import { headOf, PATHS } from "../knowledge/chains.ts";
import { ENTITIES } from "../knowledge/entities.ts";
import { FACTS } from "../knowledge/facts.ts";
import { sampleScene } from "../world/sample-scene.ts";
import { DEVICES, FINDINGS, ORGANS, SIDES } from "../world/vocabulary.ts";
import { isComposedTrained } from "./composed-training.ts";
import { answersOf, VISUAL_FAMILIES } from "./families.ts";
import { mention, nest } from "./nest.ts";
import { SEEN_PATHS } from "./portability-asks.ts";
import { REFERENCE_TEMPLATES, type ReferenceKind } from "./reference-templates.ts";
import { REPORT_QUESTIONS, sceneReport } from "./report.ts";
import { RELATION_TEMPLATES } from "./relation-templates.ts";
import { fill } from "./templates.ts";
import { claimQuestion, composedQuestion } from "./text-questions.ts";
import { VISUAL_TEMPLATES, type VisualFamily } from "./visual-templates.ts";

const SEED = 40_000;

/**
 * Questions and answers that show every training template and every name: what a tokenizer is trained on. Probe templates are not
 * among them.
 */
export function trainingTexts(): string[] {
  return [...factTexts(), ...composedTexts(), ...visualTexts(), ...portabilityTexts(), ...reportTexts()];
}

function factTexts(): string[] {
  const stream = random(SEED);
  return FACTS.flatMap((fact) => [
    ...RELATION_TEMPLATES[fact.relation].train.flatMap((text) => [fill(text, { x: mention(fact.head) }), fact.tail]),
    claimQuestion(fact, "train", stream).question,
    claimQuestion(fact, "train", stream, "negated-claim").question,
  ]);
}

function composedTexts(): string[] {
  const stream = random(SEED + 1);
  return PATHS.flatMap((path) =>
    ENTITIES[headOf(path)].filter(isComposedTrained).flatMap((head) => {
      const { question, answer } = composedQuestion(head, path, "train", stream);
      return [question, answer];
    }),
  );
}

type Slots = readonly [xs: readonly string[], ys?: readonly string[]];

/** What the slots of each family range over; a family that is not listed has none. */
const SLOTS: Readonly<Partial<Record<VisualFamily, Slots>>> = {
  "organ-present": [ORGANS],
  "organ-side": [ORGANS],
  "finding-present": [FINDINGS],
  "finding-absent": [FINDINGS],
  "finding-in-organ": [ORGANS],
  "finding-on-side": [SIDES],
  "finding-side": [FINDINGS],
  "finding-level": [FINDINGS],
  "finding-size": [FINDINGS],
  "finding-count": [FINDINGS],
  "finding-severity": [FINDINGS],
  "device-side": [DEVICES],
  "device-crosses": [DEVICES],
  "device-covers": [DEVICES, FINDINGS],
  "next-to": [[...FINDINGS, ...DEVICES]],
};

function visualTexts(): string[] {
  return VISUAL_FAMILIES.flatMap((family) => {
    const [xs = [""], ys = [""]] = SLOTS[family] ?? [];
    const questions = VISUAL_TEMPLATES[family].train.flatMap((text) =>
      xs.flatMap((x) => ys.map((y) => fill(text, { x, y }))),
    );
    return [...questions, ...answersOf(family)];
  });
}

const REFERENCES: Readonly<Record<ReferenceKind, readonly [keyof typeof SEEN_PATHS, readonly string[]]>> = {
  "only-finding": ["finding", [""]],
  "finding-in-organ": ["finding", ORGANS],
  "finding-on-side": ["finding", SIDES],
  "only-device": ["device", [""]],
  "organ-crossed": ["organ", DEVICES],
  "organ-of-finding": ["organ", FINDINGS],
};

function portabilityTexts(): string[] {
  const stream = random(SEED + 2);
  return (Object.keys(REFERENCES) as ReferenceKind[]).flatMap((reference) => {
    const [seen, xs] = REFERENCES[reference];
    return REFERENCE_TEMPLATES[reference].train.flatMap((text) =>
      xs.flatMap((x) => SEEN_PATHS[seen].map((path) => nest(path, fill(text, { x }), "train", stream).question)),
    );
  });
}

function reportTexts(): string[] {
  const stream = random(SEED + 3);
  const reports = Array.from({ length: 300 }, (_, seed) => sceneReport(sampleScene(seed), stream));
  return [...REPORT_QUESTIONS, ...reports];
}
