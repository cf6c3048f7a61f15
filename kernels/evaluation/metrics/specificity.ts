import { meanOf } from "../scoring/masked-accuracy.ts";
import { specificity as meanSpecificity } from "../scoring/fgvedit.ts";
import { fineGrainedGenerality } from "./fine-grained-generality.ts";
import { fineGrainedLocality } from "./fine-grained-locality.ts";
import type { Metric } from "./metric.ts";

/**
 * Mean of fine-grained generality and fine-grained locality of one record, then mean over records; records without one of the two are left out.
 *
 * Units: fraction in [0, 1]. Source: FGVEdit.
 */
export const specificity: Metric = {
  name: "specificity",
  summary: "mean of fine-grained generality and fine-grained locality, record by record",
  side: "specificity",
  includes: (probe) => fineGrainedGenerality.includes(probe) || fineGrainedLocality.includes(probe),
  perCase(scored) {
    const [generality, locality] = [fineGrainedGenerality, fineGrainedLocality].map((metric) =>
      scored.filter(({ probe }) => metric.includes(probe)).map(({ value }) => value),
    );
    if (generality.length === 0 || locality.length === 0) return undefined;
    return meanSpecificity([
      { generality: meanOf(generality, "specificity"), locality: meanOf(locality, "specificity") },
    ]);
  },
};
