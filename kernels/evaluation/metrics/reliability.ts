import type { Metric } from "./metric.ts";

/**
 * Share of edited questions, asked about the edited image, that now get the target.
 *
 * Units: fraction in [0, 1]; base value: how often the unedited model already gave the target.
 * Source: VLKEB and MedMKEB "Reliability"; profiles of this project.
 */
export const reliability: Metric = {
  name: "reliability",
  summary: "the edited question about the edited image gets the target",
  includes: (probe) => probe.kind === "reliability",
  side: "target",
};
