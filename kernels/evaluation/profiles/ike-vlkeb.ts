import { ikeLocality } from "../scoring/ike-vlkeb.ts";
import { answerAccuracy, answerAgreement, both, kept, LOCALITY_K, plainAnswerAsk } from "./compare-sides.ts";
import { type Profile, sideOf } from "./profile.ts";
import { tailAccuracy, tailAsk } from "./tail-window.ts";

/**
 * VLKEB's scorers for in-context editors: as `vlkeb-legacy`, but locality compares answer rows alone, so it is not comparable with the rest of
 * a table.
 */
export const ikeVlkeb: Profile = {
  name: "ike-vlkeb",
  summary: "VLKEB's scorers for in-context editors: last rows; locality over answer rows by rank",
  variant: "official",
  groups: {
    target: "mm.icl.target-token-acc",
    "text-locality": "mm.icl.locality.answer-ordered-top1",
    "image-locality": "mm.icl.locality.answer-ordered-top10",
  },
  mask: "last rows",
  k: LOCALITY_K,
  asks: (probe) => [tailAsk(probe)],
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? both(tailAsk(probe), before, after, tailAccuracy)
      : kept(tailAsk(probe), before, after, (a, b) => ikeLocality(a.top, b.top, a.apart.bare.length)),
};

/** The question's part alone, scored as other editors' is: ids in their context, first choice at answer positions. */
export const ikeVlkebCorrected: Profile = {
  name: "ike-vlkeb-corrected",
  summary: "in-context editors scored as all others: answer ids in their context, first choice at answer positions",
  variant: "corrected",
  groups: {
    target: "mm.tf.plain.in-context-label.token-acc",
    "text-locality": "mm.locality.plain.answer-argmax",
    "image-locality": "mm.locality.plain.answer-argmax",
  },
  mask: "answer",
  k: { "text-locality": 1, "image-locality": 1 },
  asks: (probe) => [plainAnswerAsk(probe)],
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? both(plainAnswerAsk(probe), before, after, answerAccuracy)
      : kept(plainAnswerAsk(probe), before, after, answerAgreement),
};
