import type { ConfusionPayload, ConfusionPlotMetric } from "./confusion.ts";
import { interval, score } from "./format-number.ts";

export const CONFUSION_PANELS: Record<ConfusionPlotMetric, string> = {
  set: "set accuracy",
  individual: "individual accuracy",
  confusion: "confusion",
};
export const PANEL_METRICS = Object.keys(CONFUSION_PANELS) as ConfusionPlotMetric[];

/** A confusion plot in words: a line a series and score, then the rules that look at no image. */
export function confusionText({ title, subtitle, series, baselines }: ConfusionPayload): string {
  const scores = series.flatMap(({ label, scores }) =>
    PANEL_METRICS.map((metric) => {
      const found = scores[metric];
      const said = found ? `${score(found.value)}, 95% interval ${interval(found.ci)}, of ${found.n}` : "of nothing";
      return `${label}: ${CONFUSION_PANELS[metric]} ${said}`;
    }),
  );
  const rules = baselines.map(({ label, scores }) => {
    const each = PANEL_METRICS.map((metric) => (scores[metric] === null ? "-" : score(scores[metric])));
    return `${label} (no image): ${each.join(" / ")}`;
  });
  return [title, subtitle, ...scores, ...rules].join("\n");
}
