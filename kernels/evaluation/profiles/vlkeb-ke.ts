import type { Probe } from "../../../datasets/case.ts";
import type { Observation } from "../observe-probe.ts";
import type { Variant } from "../scoring/variant.ts";
import { both, kept, LOCALITY_K, rankAgreement } from "./compare-sides.ts";
import { observedBy } from "./observed-by.ts";
import { type Pair, type Profile, sideOf } from "./profile.ts";
import { tailAccuracy, tailAsk } from "./tail-window.ts";

/**
 * The scorers of VLKEB's KE rows: those of `vlkeb-legacy`, averaged over all tokens, and for locality over all rank slots, of all records
 * (micro), where its other rows average over records.
 *
 * Source: VLKEB, evaluator of the KE editor.
 */
export const vlkebKe: Profile = make("corrected");

/** The same with mPLUG-Owl2, whose rows log the reliability under the names of text and image generality too. */
export const vlkebKeOwl2: Profile = make("official");

function make(variant: Variant): Profile {
  const group = variant === "official" ? "mm.ke-owl2" : "mm.ke";
  return {
    name: variant === "official" ? "vlkeb-ke-owl2" : "vlkeb-ke",
    summary: `VLKEB's KE evaluator: vlkeb-legacy over all tokens of all records${variant === "official" ? "; generality is the reliability again" : ""}`,
    variant,
    groups: {
      target: `${group}.tail-window.bare-label.micro-token-acc`,
      "text-locality": "mm.ke.locality.allpos.ordered-top1.micro",
      "image-locality": "mm.ke.locality.allpos.ordered-top10.micro",
    },
    mask: "last rows",
    k: LOCALITY_K,
    asks: (probe) => [tailAsk(probe)],
    score(probe, before, after, { reliability }) {
      if (sideOf(probe) !== "target") return agreement(probe, before, after);
      if (variant === "corrected" || !isGenerality(probe)) return accuracy(probe, before, after);
      return reliability && accuracy(reliability.probe, reliability.before, reliability.after);
    },
  };
}

const isGenerality = ({ kind }: Probe) => kind === "text-generality" || kind === "image-generality";

const accuracy = (probe: Probe, before: Observation, after: Observation): Pair => ({
  ...both(tailAsk(probe), before, after, tailAccuracy),
  weight: observedBy(before, tailAsk(probe)).apart.bare.length,
});

function agreement(probe: Probe, before: Observation, after: Observation): Pair {
  const ask = tailAsk(probe);
  const [a, b] = [observedBy(before, ask), observedBy(after, ask)];
  const rows = Math.min(a.top.length, b.top.length);
  return { ...kept(ask, before, after, rankAgreement), weight: rows * a.top[0].length };
}
