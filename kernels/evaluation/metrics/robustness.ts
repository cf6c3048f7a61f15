import type { Metric } from "./metric.ts";

/**
 * Share of attacked rewordings of the edited question that get the target; one row an attack beside the pooled one.
 *
 * Units: fraction in [0, 1]. Source: MedMKEB "Robustness".
 */
export const robustness: Metric = {
  name: "robustness",
  summary: "the edited question under an attack gets the target",
  side: "target",
  includes: (probe) => probe.kind === "robustness",
  part: ({ name }) => name,
};
