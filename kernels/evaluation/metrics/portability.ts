import type { Metric } from "./metric.ts";

/**
 * Share of chained questions that get the chained answer; one row a number of hops beside the pooled one, each with its own n.
 *
 * Units: fraction in [0, 1]. Records without a hop are left out of its row. Source: VLKEB and MedMKEB "Portability".
 */
export const portability: Metric = {
  name: "portability",
  summary: "a question that needs the edited fact and others gets the answer that follows",
  side: "target",
  includes: (probe) => probe.kind === "portability",
  part: ({ hop }) => (hop === undefined ? undefined : `${hop}-hop`),
};
