import type { MetricsPayloadRow } from "./metrics.ts";

export const CURVES_MIME = "application/vnd.medke.curves.v1+json";

/** One point of a curve: what a metric was with `edits` edits in force. */
export interface CurvesPayloadRow extends MetricsPayloadRow {
  /** How many cases were edited when it was measured; at least 1. */
  edits: number;
}

/** Data of a plot over the number of edits: a panel a metric, a line an editor. */
export interface CurvesPayload {
  version: 1;
  title: string;
  /** What was run, as far as the title does not say it, and the device. */
  subtitle: string;
  /** The counterfactual label. */
  notice: string;
  /** Scoring profile of all rows. */
  profile: string;
  rows: CurvesPayloadRow[];
}
