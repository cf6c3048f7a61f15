import { vlkebLegacy as score } from "../scoring/vlkeb-legacy.ts";
import { argmaxOf } from "./observed-by.ts";
import { answerAccuracy, both, kept, LOCALITY_K, plainAnswerAsk, plainAsk, rankAgreement } from "./compare-sides.ts";
import { type Profile, sideOf } from "./profile.ts";

/**
 * The VLKEB trainer's scorers: bare question, blank and answer; the last T rows against the ids of the answer tokenised alone; locality over
 * all positions, first choice for text, ten ranks for images.
 *
 * Where the answer has another number of tokens alone than in its context, the scored window slips: even a model that answers perfectly then
 * scores below 1. (A text that an edit puts in front of the question is left out of locality; VLKEB scores such editors as `ike-vlkeb`.)
 */
export const vlkebLegacy: Profile = {
  name: "vlkeb-legacy",
  summary: "VLKEB's trainer: last rows against the answer tokenised alone; locality over all positions by rank",
  variant: "official",
  groups: {
    target: "mm.tf.tail-window.bare-label.token-acc",
    "text-locality": "mm.locality.allpos.ordered-top1",
    "image-locality": "mm.locality.allpos.ordered-top10",
  },
  mask: "last rows",
  k: LOCALITY_K,
  asks: (probe) => [plainAsk(probe)],
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? both(plainAsk(probe), before, after, (seen) => score([argmaxOf(seen)], [seen.apart.bare]).acc)
      : kept(plainAsk(probe), before, after, rankAgreement),
};

/** The same inputs with the ids that the answer has in its context, so that no window slips; locality as in the official one. */
export const vlkebLegacyCorrected: Profile = {
  ...vlkebLegacy,
  name: "vlkeb-legacy-corrected",
  summary: "VLKEB's inputs with the answer's ids as they stand in the context; locality over all positions by rank",
  variant: "corrected",
  groups: { ...vlkebLegacy.groups, target: "mm.tf.plain.in-context-label.token-acc" },
  mask: "answer",
  asks: (probe) => [sideOf(probe) === "target" ? plainAnswerAsk(probe) : plainAsk(probe)],
  score: (probe, before, after, context) =>
    sideOf(probe) === "target"
      ? both(plainAnswerAsk(probe), before, after, answerAccuracy)
      : vlkebLegacy.score(probe, before, after, context),
};
