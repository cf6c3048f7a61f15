import { asksNegated, asksOtherwise, type Metric } from "./metric.ts";

/**
 * Share of edited questions, asked about another image, whose answer is the base model's own as before.
 *
 * Units: fraction in [0, 1]; whether that answer is right is irrelevant; base value 1 by construction.
 * Source: set-level I-Locality of VLKEB (other image), adapted: the same question makes it a hard negative, and only answer positions count.
 */
export const imageLocality: Metric = {
  name: "image-locality",
  summary: "the edited question about another image keeps the base model's answer",
  includes: (probe) => probe.kind === "image-locality" && !asksOtherwise(probe) && !asksNegated(probe),
  side: "image-locality",
};
