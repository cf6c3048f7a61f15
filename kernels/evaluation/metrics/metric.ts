import type { Side } from "../profiles/profile.ts";
import type { MetricId, ProbeResult } from "../result.ts";

/** A metric: which probes it averages, and what they are compared with. Comparable groups follow from that and the profile. */
export interface Metric {
  name: MetricId;
  /** One line for lists and hover. */
  summary: string;
  /** "specificity" is a mean of two sides, in the profiles that have it. */
  side: Side | "specificity";
  includes(probe: ProbeResult): boolean;
  /** Part of the metric that has a row of its own beside the pooled one, such as "2-hop". */
  part?(probe: ProbeResult): string | undefined;
  /** Of a metric whose unit is the case: its value from those of the case's probes; undefined where one is missing. Default: each probe counts. */
  perCase?(scored: readonly { probe: ProbeResult; value: number }[]): number | undefined;
}

/** Whether a locality probe asks something else than the edited question; the datasets name such probes so. */
export const asksOtherwise = ({ name }: ProbeResult): boolean =>
  name === "other-question" || name === "other-attribute";

/** Whether a probe asks the edited question with a "not" in it. */
export const asksNegated = ({ name }: ProbeResult): boolean => name === "negated" || name === "negated-question";
