import type { Metric } from "./metric.ts";

/**
 * Share of edited questions, asked about another image of the same class, that get the target.
 *
 * Units: fraction in [0, 1]. Source: VLKEB and MedMKEB "I-Generality".
 */
export const imageGenerality: Metric = {
  name: "image-generality",
  summary: "the edited question about another image of the class gets the target",
  side: "target",
  includes: (probe) => probe.kind === "image-generality",
};
