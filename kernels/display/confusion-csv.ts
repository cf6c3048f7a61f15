import type { ConfusionPayload } from "./confusion.ts";
import { PANEL_METRICS } from "./confusion-text.ts";
import { csvLines } from "./metrics-csv.ts";

const COLUMNS = ["label", "metric", "comparable_group", "value", "n", "ci_low", "ci_high"];

/** The scores of a confusion plot as CSV (RFC 4180, header first, full precision), one line a bar; rules that see no image have no n. */
export function confusionCsv({ series, baselines, comparable_group }: ConfusionPayload): string {
  const bars = series.flatMap(({ label, scores }) =>
    PANEL_METRICS.map((metric) => {
      const score = scores[metric];
      return [label, metric, comparable_group, score?.value ?? "", score?.n ?? 0, ...(score?.ci ?? ["", ""])];
    }),
  );
  const rules = baselines.flatMap(({ label, scores }) =>
    PANEL_METRICS.map((metric) => [`${label} (no image)`, metric, comparable_group, scores[metric] ?? "", "", "", ""]),
  );
  return csvLines([COLUMNS, ...bars, ...rules]);
}
