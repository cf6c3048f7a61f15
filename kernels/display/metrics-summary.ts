import { metricWords } from "./metric-words.ts";
import type { MetricsPayload } from "./metrics.ts";
import { metricPanels, type MetricCategory } from "./panels.ts";

/** One sentence that stands for the plot where it cannot be seen. */
export function metricsSummary(payload: MetricsPayload): string {
  const { editors, panels } = metricPanels(payload.rows);
  const metrics = [...new Set(payload.rows.map((row) => metricWords(row.metric)))];
  const profiles = [...new Set(panels.map((panel) => panel.profile))];
  return (
    `${payload.title}: bar plot of ${metrics.join(", ")} for ${editors.length === 1 ? "editor" : "editors"} ${editors.join(", ")}, ` +
    `scored by ${profiles.join(" and ")}, ${sampleSize(payload.rows)}, with 95% intervals and the base model's values.`
  );
}

/** "n = 20" where all agree, otherwise the range; the exact counts stand in the table. */
export function sampleSize(rows: MetricCategory["bars"]): string {
  const counts = rows.map((row) => row.n);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `n = ${least}` : `n = ${least} to ${most}`;
}
