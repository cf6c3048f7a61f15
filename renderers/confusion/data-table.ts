import type { ConfusionPayload } from "../../kernels/display/confusion.ts";
import { CONFUSION_PANELS, PANEL_METRICS } from "../../kernels/display/confusion-text.ts";
import { interval, score } from "../../kernels/display/format-number.ts";
import { html } from "../element.ts";

/** Every bar and every rule as a table row, folded away: the plot in words and numbers. */
export function confusionTable({ title, series, baselines }: ConfusionPayload): HTMLElement {
  const line = (label: string, cells: readonly string[]) =>
    html(
      "tr",
      {},
      html("th", { scope: "row" }, label),
      ...cells.map((cell, i) => html("td", { class: i ? "medke-number" : undefined }, cell)),
    );
  const bars = series.flatMap(({ label, scores }) =>
    PANEL_METRICS.map((metric) => {
      const found = scores[metric];
      const cells = found ? [score(found.value), interval(found.ci), String(found.n)] : ["\u2013", "\u2013", "0"];
      return line(label, [CONFUSION_PANELS[metric], ...cells]);
    }),
  );
  const rules = baselines.flatMap(({ label, scores }) =>
    PANEL_METRICS.flatMap((metric) => {
      const value = scores[metric];
      return value === null
        ? []
        : [line(`${label} (no image)`, [CONFUSION_PANELS[metric], score(value), "expected", "\u2013"])];
    }),
  );
  const titles = ["Of", "Score", "Value", "95% interval", "n"];
  const table = html(
    "table",
    {},
    html("caption", { class: "medke-unseen" }, title),
    html(
      "thead",
      {},
      html(
        "tr",
        {},
        ...titles.map((each, i) => html("th", { scope: "col", class: i > 1 ? "medke-number" : undefined }, each)),
      ),
    ),
    html("tbody", {}, ...bars, ...rules),
  );
  return html(
    "details",
    { class: "medke-data" },
    html("summary", {}, `Data table (${bars.length + rules.length} rows)`),
    html("div", { class: "medke-scroll" }, table),
  );
}
