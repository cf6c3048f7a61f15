import { interval, score } from "../../kernels/display/format-number.ts";
import { metricWords } from "../../kernels/display/metric-words.ts";
import type { MetricsPayload } from "../../kernels/display/metrics.ts";
import { html } from "../element.ts";

/** Every bar as a table row, folded away: the plot in words and numbers. */
export function dataTable(payload: MetricsPayload): HTMLElement {
  const titles = ["Editor", "Metric", "Profile", "Value", "95% interval", "Base", "n", "Comparable group"];
  const numeric = new Set([3, 4, 5, 6]);
  const style = (column: number) => ({ class: numeric.has(column) ? "medke-number" : undefined });
  const rows = payload.rows.map((row) => {
    const cells = [
      metricWords(row.metric),
      row.profile,
      score(row.value),
      interval(row.ci),
      score(row.base),
      String(row.n),
      row.comparable_group,
    ];
    return html(
      "tr",
      {},
      html("th", { scope: "row" }, row.editor),
      ...cells.map((cell, i) => html("td", style(i + 1), cell)),
    );
  });
  const table = html(
    "table",
    {},
    html("caption", { class: "medke-unseen" }, payload.title),
    html("thead", {}, html("tr", {}, ...titles.map((title, i) => html("th", { scope: "col", ...style(i) }, title)))),
    html("tbody", {}, ...rows),
  );
  return html(
    "details",
    { class: "medke-data" },
    html("summary", {}, `Data table (${payload.rows.length} rows)`),
    html("div", { class: "medke-scroll" }, table),
  );
}
