import type { Probe } from "../../../datasets/case.ts";
import type { Observed } from "../../models/observe.ts";
import { SHORT_ANSWER } from "../scoring/fgvedit.ts";
import { answerAccuracy, both, kept, LOCALITY_K, plainAnswerAsk, plainAsk, windowAgreement } from "./compare-sides.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/**
 * EasyEdit's scorers of models without a chat template (BLIP-2, MiniGPT-4): bare question, blank and target as one text, whose ids behind the
 * question are the labels; locality over all positions by rank, right-aligned, the image's question in `Question: ... Short answer:`.
 *
 * Of in-context editors upstream calls the same number `multimodal.icl.target_token_accuracy`. Source: EasyEdit, multimodal edit quality.
 */
export const easyEditPlain: Profile = make({ exactMatch: false });

/** The same with the switch under which IKE, and MEND with BLIP-2, are published: a sequence counts only when every token of it is right. */
export const easyEditPlainExact: Profile = make({ exactMatch: true });

function make({ exactMatch }: { exactMatch: boolean }): Profile {
  const accuracy = (seen: Observed) => (exactMatch ? Number(answerAccuracy(seen) === 1) : answerAccuracy(seen));
  return {
    name: exactMatch ? "easyedit-plain-exact" : "easyedit-plain",
    summary: `EasyEdit without a chat template: ${exactMatch ? "exact match of the whole answer" : "token accuracy"}; locality over all positions by rank`,
    groups: {
      target: `multimodal.teacher_forcing.${exactMatch ? "sequence_exact_match" : "target_token_accuracy"}`,
      "text-locality": "multimodal.locality.plain.right-aligned.ordered-top1",
      "image-locality": "multimodal.locality.plain.right-aligned.ordered-top10",
    },
    mask: "answer",
    k: LOCALITY_K,
    asks: (probe) => [ask(probe)],
    score: (probe, before, after) =>
      sideOf(probe) === "target"
        ? both(ask(probe), before, after, accuracy)
        : kept(ask(probe), before, after, windowAgreement),
  };
}

/** Image locality alone has the published words around its question. */
function ask(probe: Probe): Ask {
  const side = sideOf(probe);
  if (side === "target") return plainAnswerAsk(probe);
  return side === "image-locality" ? plainAsk(probe, SHORT_ANSWER) : plainAsk(probe);
}
