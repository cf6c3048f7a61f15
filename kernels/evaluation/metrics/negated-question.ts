import { asksNegated, type Metric } from "./metric.ts";

/**
 * Share of negated forms of the edited question whose answer is the base model's own as before: an editor that only looks for words fires on them.
 *
 * Units: fraction in [0, 1]; base value 1 by construction. Source: metric of this project, after arXiv 2511.13243.
 */
export const negatedQuestion: Metric = {
  name: "negated-question",
  summary: 'the edited question with a "not" in it keeps the base model\'s answer',
  side: "image-locality",
  includes: (probe) => asksNegated(probe) && probe.kind.endsWith("locality"),
};
