import type { ImageRef, Probe } from "./case.ts";

/**
 * Questions close to an edit that the published sets lack.
 * - "same-question": the edited question about an image of another class.
 * - "same-image": another question about the edited image.
 * - "other-attribute": a question about something else, asked of another image of the same class.
 * - "negated": the edited question with "not" in it, or whether something is absent.
 */
export const HARD_NEGATIVES = ["same-question", "same-image", "other-attribute", "negated"] as const;
export type HardNegativeName = (typeof HARD_NEGATIVES)[number];

const KINDS: Readonly<Record<HardNegativeName, Probe["kind"]>> = {
  "same-question": "image-locality",
  "other-attribute": "image-locality",
  "same-image": "fine-grained-locality",
  negated: "fine-grained-locality",
};

/**
 * A hard negative as a probe. `answer` is right after the edit. `unchanged`: the edit must leave the model's answer as it was; otherwise
 * the answer follows from the target on the edited image itself, which is generality in the fine.
 */
export const hardNegativeProbe = (
  name: HardNegativeName,
  image: ImageRef,
  { question, answer, unchanged }: { question: string; answer: string; unchanged: boolean },
): Probe => ({
  kind: unchanged ? KINDS[name] : "fine-grained-generality",
  name,
  image,
  question,
  expect: unchanged ? { unchanged, context: answer } : { answer },
});
