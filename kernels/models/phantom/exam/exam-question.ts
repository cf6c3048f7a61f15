import type { Scene } from "../../../../datasets/phantom/world/scene.ts";

/** What a group of questions shows about the model. */
export const EXAM_GROUPS = {
  visual: "visual questions, unseen images, unseen wordings",
  "visual-train-wording": "visual questions, unseen images, training wordings",
  "visual-shuffled": "the same questions as the first row with the image of another one",
  "fact-train-wording": "text facts, training wordings",
  fact: "text facts, unseen wordings",
  claim: "claims and denied claims about facts, unseen wordings",
  "seen-1": "1 hop from what the image shows, unseen wordings",
  "seen-2": "2 hops from what the image shows, heads that were asked in training",
  "seen-2-held-out": "2 hops from what the image shows, heads kept out of composed training",
  "text-2": "2 hops in text, heads that were asked in training",
  "text-2-held-out": "2 hops in text, heads kept out of composed training",
} as const;
export type ExamGroup = keyof typeof EXAM_GROUPS;

export interface ExamQuestion {
  group: ExamGroup;
  question: string;
  answer: string;
  family: string;
  /** What the question is about, as its answers range over. */
  about: readonly string[];
  /** The scene whose image is shown. */
  scene?: Scene;
  /** Questions of one scene or fact are not independent: intervals resample clusters. */
  cluster: string;
}
