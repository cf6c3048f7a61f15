import { asksNegated, type Metric } from "./metric.ts";

/**
 * Share of out-of-scope questions about the edited image whose answer is the base model's own as before.
 *
 * Units: fraction in [0, 1]; base value 1 by construction. Source: FGVEdit "fg_loc".
 */
export const fineGrainedLocality: Metric = {
  name: "fine-grained-locality",
  summary: "an out-of-scope question about the edited image keeps the base model's answer",
  side: "image-locality",
  includes: (probe) => probe.kind === "fine-grained-locality" && !asksNegated(probe),
};
