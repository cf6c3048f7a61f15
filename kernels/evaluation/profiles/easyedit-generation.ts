import type { Probe } from "../../../datasets/case.ts";
import type { Observed } from "../../models/observe.ts";
import { vanillaMatch } from "../scoring/vanilla-match.ts";
import { both, kept, plainAnswerAsk } from "./compare-sides.ts";
import { type Ask, type Profile, sideOf } from "./profile.ts";

/**
 * EasyEdit's scorer of GRACE: the model writes as many ids as the target has alone, and these are compared; for locality with those that it
 * wrote before. Text probes only.
 */
export const easyEditGeneration: Profile = {
  name: "easyedit-generation",
  summary:
    "EasyEdit, GRACE's path: greedy generation of as many ids as the target has, compared id by id; text probes only",
  groups: {
    target: "lm.vanilla_generation.token_match",
    "text-locality": "lm.locality.vanilla_generation.token_match",
  },
  mask: "free generation",
  asks: (probe) => (probe.image ? [] : [ask(probe)]),
  score(probe, before, after) {
    if (probe.image) return undefined;
    return sideOf(probe) === "target"
      ? both(ask(probe), before, after, (seen) => vanillaMatch(writtenBy(seen), seen.apart.bare))
      : kept(ask(probe), before, after, (a, b) => vanillaMatch(writtenBy(b), writtenBy(a)));
  },
};

const ask = (probe: Probe): Ask => ({ ...plainAnswerAsk(probe), labels: "bare", writes: true });

const writtenBy = ({ written = [] }: Observed): number[] => written;
