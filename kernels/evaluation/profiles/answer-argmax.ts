import type { Probe } from "../../../datasets/case.ts";
import { answerArgmaxWording } from "../scoring/answer-argmax.ts";
import type { Variant } from "../scoring/variant.ts";
import { answerAccuracy, answerAgreement, both, kept, plainAnswerAsk } from "./compare-sides.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/** LiveEdit's and DualEdit's scorers: answer positions only, first choice before and after for locality. */
export const answerArgmax: Profile = make("official");

/** The same without a second "?" behind text locality questions that have one. */
export const answerArgmaxCorrected: Profile = make("corrected");

function make(variant: Variant): Profile {
  const ask = (probe: Probe): Ask => {
    const side = sideOf(probe);
    return plainAnswerAsk(probe, answerArgmaxWording(probe.question, side === "target" ? "vlkeb" : side, variant));
  };
  return {
    name: variant === "official" ? "answer-argmax" : "answer-argmax-corrected",
    summary: "LiveEdit and DualEdit: answer positions only; locality is the same first choice as before",
    variant,
    groups: {
      target: "mm.tf.answer-mask.token-acc",
      "text-locality":
        variant === "official" ? "mm.locality.live-edit.answer-argmax" : "mm.locality.plain.answer-argmax",
      "image-locality": "mm.locality.live-edit.answer-argmax",
    },
    mask: "answer",
    k: { "text-locality": 1, "image-locality": 1 },
    asks: (probe) => [ask(probe)],
    score: (probe, before, after) =>
      sideOf(probe) === "target"
        ? both(ask(probe), before, after, answerAccuracy)
        : kept(ask(probe), before, after, answerAgreement),
  };
}
