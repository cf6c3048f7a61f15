import { score } from "./format-number.ts";
import { metricWords } from "./metric-words.ts";
import type { MetricsPayload } from "./metrics.ts";
import { metricPanels, type MetricPanel, panelWords } from "./panels.ts";
import { reportedParagraphs } from "./reported-point.ts";

/** A metric plot as aligned text: a table a scoring profile, editors x metrics, each cell `value [low, high]`; then base values and n. */
export function metricsText(payload: MetricsPayload): string {
  const { editors, panels } = metricPanels(payload.rows);
  const tables = panels.map((panel) => [panelWords(panel), ...table(panel, editors)].join("\n"));
  const head = [payload.title, payload.subtitle, "Each cell: value [95% interval]."].filter(Boolean).join("\n");
  return [head, ...tables, ...reportedParagraphs(payload.reported), payload.notice].filter(Boolean).join("\n\n");
}

function table(panel: MetricPanel, editors: string[]): string[] {
  const header = ["editor", ...panel.categories.map(({ metric }) => metricWords(metric))];
  const body = editors.map((editor) => [
    editor,
    ...panel.categories.map(({ bars }) => {
      const bar = bars.find((row) => row.editor === editor);
      if (!bar) return "not measured";
      return bar.ci ? `${score(bar.value)} [${bar.ci.map(score).join(", ")}]` : score(bar.value);
    }),
  ]);
  const base = ["base model", ...panel.categories.map(({ bars }) => same(bars.map((bar) => score(bar.base))))];
  const n = ["n", ...panel.categories.map(({ bars }) => same(bars.map((bar) => String(bar.n))))];
  const rows = [header, ...body, base, n];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [lines[0], rule, ...lines.slice(1, 1 + editors.length), rule, ...lines.slice(1 + editors.length)];
}

/** One value where the editors agree, otherwise one an editor in the order of the rows above. */
const same = (values: string[]): string => (new Set(values).size === 1 ? values[0] : values.join(" / "));
