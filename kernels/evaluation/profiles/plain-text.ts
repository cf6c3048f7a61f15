import type { ProfileName } from "../result.ts";
import { answerAccuracy, answerAgreement, both, kept, plainAnswerAsk } from "./compare-sides.ts";
import { type Profile, sideOf } from "./profile.ts";

/**
 * A scorer of text edits: bare prompt, blank and target as one text; the share of the target's tokens that are the first choice, and for
 * locality the share of first choices that stay. Probes about images have no number: the published code has none.
 *
 * `target` is the comparable group of wanted answers. Unchanged first choices are the same number under every name.
 */
export const plainText = (name: ProfileName, summary: string, target: string): Profile => ({
  name,
  summary,
  groups: { target, "text-locality": "lm.locality.answer-argmax" },
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
});
