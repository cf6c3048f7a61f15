import { answerAccuracy, answerAgreement, both, kept, plainAnswerAsk } from "./compare-sides.ts";
import { type Profile, sideOf } from "./profile.ts";

/**
 * MedREK's and RECIPE's scorers of text edits: bare prompt, blank and target; locality against the first choice before the edit.
 *
 * Means over units and their weighting belong to the protocol (`batch:N:official`), whose suffix joins the group. Probes about images have no
 * row: the published code has none.
 */
export const medrek: Profile = {
  name: "medrek",
  summary: "MedREK and RECIPE: bare prompt and target, answer positions; text probes only",
  groups: { target: "lm.tf.medrek.token-acc", "text-locality": "lm.locality.answer-argmax" },
  mask: "answer",
  k: { "text-locality": 1 },
  asks: (probe) => (probe.image ? [] : [plainAnswerAsk(probe)]),
  score(probe, before, after) {
    if (probe.image) return undefined;
    const ask = plainAnswerAsk(probe);
    return sideOf(probe) === "target"
      ? both(ask, before, after, answerAccuracy)
      : kept(ask, before, after, answerAgreement);
  },
};
