import { asksOtherwise, type Metric } from "./metric.ts";

/**
 * Share of other questions about other images whose answer is the base model's own as before.
 *
 * Units: fraction in [0, 1]; whether that answer is right is irrelevant; base value 1 by construction.
 * Source: VLKEB and MedMKEB "I-Locality" (unrelated image and question), adapted: only answer positions count.
 */
export const textImageLocality: Metric = {
  name: "text-image-locality",
  summary: "another question about another image keeps the base model's answer",
  includes: (probe) => probe.kind === "image-locality" && asksOtherwise(probe),
  side: "image-locality",
};
