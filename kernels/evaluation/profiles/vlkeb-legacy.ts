import { answerAccuracy, both, kept, LOCALITY_K, plainAnswerAsk, plainAsk, rankAgreement } from "./compare-sides.ts";
import { type Profile, sideOf } from "./profile.ts";
import { tailAccuracy, tailAsk } from "./tail-window.ts";

/**
 * The VLKEB trainer's scorers: bare question, blank and answer; the last T rows against the ids of the answer tokenised alone; locality over
 * all positions, first choice for text, ten ranks for images.
 *
 * Where the answer has another number of tokens alone than in its context, the scored window slips: a model that writes the answer as its
 * tokenizer does then scores below 1, and only one that says these very ids in these very rows scores 1. (A text that an edit puts in front
 * of the question is left out of locality; VLKEB scores such editors as `ike-vlkeb`.)
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
  asks: (probe) => [tailAsk(probe)],
  score: (probe, before, after) =>
    sideOf(probe) === "target"
      ? both(tailAsk(probe), before, after, tailAccuracy)
      : kept(tailAsk(probe), before, after, rankAgreement),
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
