import { asksNegated, type Metric } from "./metric.ts";

/**
 * Share of unrelated questions without an image whose answer is the base model's own as before; one row a kind beside the pooled one.
 *
 * Units: fraction in [0, 1]; base value 1 by construction. Source: VLKEB and MedMKEB "T-Locality"; locality kinds of MedCF and MedFE.
 */
export const textLocality: Metric = {
  name: "text-locality",
  summary: "an unrelated text question keeps the base model's answer",
  side: "text-locality",
  includes: (probe) => probe.kind === "text-locality" && !asksNegated(probe),
  part: ({ name }) => name,
};
