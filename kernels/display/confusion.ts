export const CONFUSION_MIME = "application/vnd.medke.confusion.v1+json";

export type ConfusionPlotMetric = "set" | "individual" | "confusion";

/** Scores of one model, or of a view of it with edits in force. Fractions in [0, 1]. */
export interface ConfusionSeries {
  label: string;
  scores: Record<ConfusionPlotMetric, { value: number; ci: [number, number] | null; n: number } | null>;
}

/** Data of a confusion plot: set accuracy, individual accuracy and confusion side by side, with what rules get that look at no image. */
export interface ConfusionPayload {
  version: 1;
  title: string;
  /** Benchmark, number of pairs, mode and variant in one line. */
  subtitle: string;
  comparable_group: string;
  series: ConfusionSeries[];
  baselines: { label: string; scores: Record<ConfusionPlotMetric, number | null> }[];
}
