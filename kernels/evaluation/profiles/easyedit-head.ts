import type { Probe } from "../../../datasets/case.ts";
import type { Observed } from "../../models/observe.ts";
import { scoredText } from "../observe-probe.ts";
import { easyEditHead as score } from "../scoring/easyedit-head.ts";
import { targetLabels } from "../scoring/easyedit-labels.ts";
import { SHORT_ANSWER } from "../scoring/fgvedit.ts";
import { both, kept, labelled, LOCALITY_K, windowAgreement } from "./compare-sides.ts";
import { argmaxOf } from "./observed-by.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/**
 * EasyEdit's scorers of models with a chat template: template, blank and target as one text; labels are the ids of " target" at its right
 * end; locality over all positions by rank, right-aligned. With tokenizers that cut " target" otherwise than the end of the whole text, the
 * labels do not fit: a model that writes the answer as its tokenizer does then scores below 1.
 */
export const easyEditHead: Profile = make({ exactMatch: false });

/** The same with the switch under which IKE, WISE and MEND are published: a sequence counts only when every token of it is right. */
export const easyEditHeadExact: Profile = make({ exactMatch: true });

function make({ exactMatch }: { exactMatch: boolean }): Profile {
  const accuracy = (seen: Observed) => {
    const argmax = argmaxOf(seen);
    return score([argmax], targetLabels([argmax], [seen.apart.spaced]), { exactMatch }).acc;
  };
  return {
    name: exactMatch ? "easyedit-head-exact" : "easyedit-head",
    summary: `EasyEdit: template and " target" as one text, ${exactMatch ? "exact match of the whole answer" : "token accuracy"}; locality over all positions by rank`,
    groups: {
      target: `multimodal.hf_masked_label.${exactMatch ? "sequence_exact_match" : "token_accuracy"}`,
      "text-locality": "multimodal.locality.right-aligned.ordered-top1",
      "image-locality": "multimodal.locality.right-aligned.ordered-top10",
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
  const rows: Ask = {
    question: probe.question,
    ...(side === "image-locality" && { wording: SHORT_ANSWER }),
    answer: scoredText(probe),
    form: "template",
    positions: "all",
    topK: side === "target" ? 1 : LOCALITY_K[side],
  };
  return labelled(rows, probe, "spaced");
}
