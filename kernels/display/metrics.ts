import type { ReportedPoint } from "./reported-point.ts";

export const METRICS_MIME = "application/vnd.medke.metrics.v1+json";

/** One bar of a metric plot. Same meaning as a row of `medke evaluate --json`, plus where it came from. */
export interface MetricsPayloadRow {
  editor: string;
  metric: string;
  profile: string;
  comparable_group: string;
  value: number;
  base: number;
  n: number;
  /** 95% interval; null where the values say nothing about their spread. */
  ci: [number, number] | null;
}

/** Data of a metric plot: editors side by side, one panel a comparable profile. */
export interface MetricsPayload {
  version: 1;
  title: string;
  /** Model, benchmark, protocol, seed and device in one line. */
  subtitle: string;
  /** The counterfactual label. */
  notice: string;
  rows: MetricsPayloadRow[];
  /** Published figures for orientation, labelled as such. */
  reported?: ReportedPoint[];
}
