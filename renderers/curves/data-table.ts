import type { CurvesPayload } from "../../kernels/display/curves.ts";
import { interval, score } from "../../kernels/display/format-number.ts";
import { metricWords } from "../../kernels/display/metric-words.ts";
import { html } from "../element.ts";

/** Every point as a table row, folded away: the plot in words and numbers. */
export function curvesTable({ title, rows }: CurvesPayload): HTMLElement {
  const titles = ["Editor", "Metric", "Edits", "Value", "95% interval", "Base", "n", "Comparable group"];
  const style = (column: number) => ({ class: column >= 2 && column <= 6 ? "medke-number" : undefined });
  const lines = rows.map((row) => {
    const numbers = [String(row.edits), score(row.value), interval(row.ci), score(row.base), String(row.n)];
    const cells = [metricWords(row.metric), ...numbers, row.comparable_group];
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
    html("caption", { class: "medke-unseen" }, title),
    html("thead", {}, html("tr", {}, ...titles.map((each, i) => html("th", { scope: "col", ...style(i) }, each)))),
    html("tbody", {}, ...lines),
  );
  return html(
    "details",
    { class: "medke-data" },
    html("summary", {}, `Data table (${rows.length} rows)`),
    html("div", { class: "medke-scroll" }, table),
  );
}
