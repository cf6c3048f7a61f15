import type { Probe } from "../../../datasets/case.ts";
import { SHORT_ANSWER } from "../scoring/fgvedit.ts";
import {
  answerAccuracy,
  both,
  kept,
  LOCALITY_K,
  plainAnswerAsk,
  plainAsk,
  rankAgreement,
  windowAgreement,
} from "./compare-sides.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/**
 * FGVEdit's scorers, one for all editors.
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

/**
 * The scorer of the published IKE row, beside the token accuracy of the other rows: an answer counts only when every token of it is right, and
 * locality compares the last rows of inputs of unequal length, in which image positions of the base model meet demonstrations. Specificity
 * of in-context editors is low by construction. (The released SERAC row has no profile: its numbers are no shares, see `serac-bare-tensor`.)
 */
export const fgveditExact: Profile = {
  ...fgvedit,
  name: "fgvedit-exact",
  summary:
    "FGVEdit as its IKE row is scored: exact match of the whole answer, locality over unequal windows; specificity",
  variant: "official",
  groups: {
    target: "mm.fgvedit.sequence-exact-match",
    "text-locality": "mm.fgvedit.right-aligned.top1",
    "image-locality": "mm.fgvedit.right-aligned.ordered-top10",
    specificity: "mm.fgvedit.specificity.sequence-exact-match",
  },
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? both(ask(probe), before, after, (seen) => Number(answerAccuracy(seen) === 1))
      : kept(ask(probe), before, after, windowAgreement),
};

function ask(probe: Probe): Ask {
  const side = sideOf(probe);
  if (side === "text-locality") return plainAsk(probe);
  return side === "target" ? plainAnswerAsk(probe, SHORT_ANSWER) : plainAsk(probe, SHORT_ANSWER);
}
