import type { MetricName, ProbeResult, ProfileName } from "../result.ts";

/** A metric: which probes it averages, and with what its numbers may be compared in each scoring profile. */
export interface Metric {
  name: MetricName;
  /** One line for lists and hover. */
  summary: string;
  includes(probe: ProbeResult): boolean;
  /** Numbers of different groups never share an axis or an average. */
  groups: Record<ProfileName, string>;
}

/** Groups of metrics that compare with a wanted answer. */
export const TARGET_GROUPS: Metric["groups"] = {
  "tf-token": "mm.tf.in-context-label.token-acc",
  "gen-exact": "mm.gen.exact-norm",
};

/** Groups of metrics that compare with the base model's own output. */
export const LOCALITY_GROUPS: Metric["groups"] = {
  "tf-token": "mm.locality.answer-argmax",
  "gen-exact": "mm.locality.gen-agree",
};

/** Whether a locality probe asks something else than the edited question; the datasets name such probes so. */
export const asksOtherwise = ({ name }: ProbeResult): boolean =>
  name === "other-question" || name === "other-attribute";
