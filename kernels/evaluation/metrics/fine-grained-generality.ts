import type { Metric } from "./metric.ts";

/**
 * Share of in-scope questions about the edited image that get the answer that follows from the edit.
 *
 * Units: fraction in [0, 1]. Source: FGVEdit "fg_gen".
 */
export const fineGrainedGenerality: Metric = {
  name: "fine-grained-generality",
  summary: "another in-scope question about the edited image gets the answer that follows",
  side: "target",
  includes: (probe) => probe.kind === "fine-grained-generality",
};
