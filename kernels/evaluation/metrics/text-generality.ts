import type { Metric } from "./metric.ts";

/**
 * Share of rewordings of the edited question, asked about the edited image, that get the target.
 *
 * Units: fraction in [0, 1]; cases without a rewording have no such probe, so n can be below the number of cases.
 * Source: VLKEB and MedMKEB "T-Generality"; profiles of this project.
 */
export const textGenerality: Metric = {
  name: "text-generality",
  summary: "a rewording of the edited question gets the target too",
  includes: (probe) => probe.kind === "text-generality",
  side: "target",
};
