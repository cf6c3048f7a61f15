import { contentHash } from "../content-hash.ts";
import type { Observation } from "../observe-probe.ts";
import type { Observed } from "../../models/observe.ts";
import type { Ask } from "./profile.ts";

/** Name under which the outcome of an ask is kept in an observation. */
export const askKey = (ask: Ask): string => contentHash(ask);

/** The outcome of an ask. */
export function observedBy({ asked }: Observation, ask: Ask): Observed {
  const found = asked?.[askKey(ask)];
  if (!found) throw new Error(`internal: the model was not asked for what a profile scores ("${ask.question}")`);
  return found;
}

/** Most likely ids of the observed rows. */
export const argmaxOf = ({ top }: Observed): number[] => top.map(([best]) => best);
