import type { Probe } from "../../../datasets/case.ts";
import { SHORT_ANSWER } from "../scoring/fgvedit.ts";
import { answerAccuracy, both, kept, LOCALITY_K, plainAnswerAsk, plainAsk, rankAgreement } from "./compare-sides.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/**
 * FGVEdit's scorers, one for all editors (the published rows are not: IKE is scored by exact match, and of unequal inputs).
 *
 * Questions stand in `Question: ... Short answer:`, text locality raw; fine-grained locality by ten ranks over all positions.
 */
export const fgvedit: Profile = {
  name: "fgvedit",
  summary: "FGVEdit: short-answer prompts, token accuracy; locality over all positions by rank; specificity",
  variant: "corrected",
  groups: {
    target: "mm.fgvedit.token-acc",
    "text-locality": "mm.fgvedit.allpos-top1",
    "image-locality": "mm.fgvedit.allpos-ordered-top10",
    specificity: "mm.fgvedit.specificity",
  },
  mask: "all positions",
  k: LOCALITY_K,
  asks: (probe) => [ask(probe)],
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? both(ask(probe), before, after, answerAccuracy)
      : kept(ask(probe), before, after, rankAgreement),
};

function ask(probe: Probe): Ask {
  const side = sideOf(probe);
  if (side === "text-locality") return plainAsk(probe);
  return side === "target" ? plainAnswerAsk(probe, SHORT_ANSWER) : plainAsk(probe, SHORT_ANSWER);
}
