import { argmaxAgreement } from "../scoring/argmax-agreement.ts";
import { tokenAccuracy } from "../scoring/token-accuracy.ts";
import { type Profile, sideOf } from "./profile.ts";

/**
 * Teacher forcing on answer ids in their context; its partner for locality is the rule of `loc-answer-argmax`.
 *
 * Source: profile of this project; the corrected form of the VLKEB scorer.
 */
export const tfToken: Profile = {
  name: "tf-token",
  summary:
    "teacher forcing: share of answer tokens that are right (for locality: unchanged); lenient, the answer's prefix is given",
  groups: {
    target: "mm.tf.in-context-label.token-acc",
    "text-locality": "mm.locality.answer-argmax",
    "image-locality": "mm.locality.answer-argmax",
  },
  mask: "answer",
  k: { "text-locality": 1, "image-locality": 1 },
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? { before: tokenAccuracy(before.score), after: tokenAccuracy(after.score) }
      : { before: argmaxAgreement(before.score, before.score), after: argmaxAgreement(before.score, after.score) },
};
