import { confusionCsv } from "../../kernels/display/confusion-csv.ts";
import { confusionSvg } from "../../kernels/display/confusion-svg.ts";
import { confusionText, PANEL_METRICS } from "../../kernels/display/confusion-text.ts";
import { readConfusion } from "../../kernels/display/read-confusion.ts";
import { html, svg } from "../element.ts";
import { copyText } from "../metrics/copy-text.ts";
import { swatch, SWATCH_FRAME } from "../metrics/legend.ts";
import { pointKeys } from "../metrics/point-keys.ts";
import { fileName, saveFile } from "../metrics/save-file.ts";
import { themedView } from "../themed-view.ts";
import type { View } from "../view.ts";
import { confusionTable } from "./data-table.ts";
import { confusionPanel } from "./panel.ts";
import { scoreWords } from "./score-words.ts";
import { CONFUSION_STYLES } from "./styles.ts";

let views = 0;

/**
 * Shows a confusion plot: three panels of bars beside the rules that see no image, with key, tools and table.
 *
 * Throws: PayloadError.
 */
export function showConfusion(host: HTMLElement, value: unknown): View {
  const payload = readConfusion(value);
  const ids = `medke-confusion-${views++}`;
  const tip = html("p", { class: "medke-tip medke-quiet", "aria-live": "polite" });
  const status = html("span", { role: "status", class: "medke-quiet" });
  const panels = PANEL_METRICS.map((metric, panel) =>
    confusionPanel(payload, metric, {
      ids: `${ids}-${metric}`,
      point: (series) => point(series === undefined ? undefined : panel * payload.series.length + series),
    }),
  );
  const bars = panels.flatMap((panel) => panel.bars);
  const point = (index: number | undefined) => {
    bars.forEach((bar, i) => bar.classList.toggle("medke-pointed", i === index));
    const [metric, series] =
      index === undefined ? [] : [Math.floor(index / payload.series.length), index % payload.series.length];
    tip.textContent = metric === undefined ? "" : scoreWords(payload.series[series!], PANEL_METRICS[metric]);
  };
  const plot = html(
    "div",
    {
      class: "medke-panels",
      tabindex: 0,
      role: "group",
      "aria-roledescription": "bar plot",
      "aria-label": "Bars. Arrow keys move from bar to bar, Escape leaves.",
    },
    ...panels.map(({ element }) => {
      element.setAttribute("aria-hidden", "true");
      return element;
    }),
  );
  pointKeys(plot, () => bars.length, point);
  const save = html("button", { type: "button" }, "Save SVG");
  save.addEventListener("click", () => {
    const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(confusionSvg(payload))}`;
    saveFile(plot, url, fileName(payload.title, "svg"));
    status.textContent = "Picture saved.";
  });
  const copy = html("button", { type: "button" }, "Copy data as CSV");
  copy.addEventListener("click", async () => {
    const done = await copyText(plot, confusionCsv(payload));
    status.textContent = done ? "Copied." : "Copying was refused; select the table instead.";
  });
  const root = html(
    "section",
    { class: "medke medke-confusion", role: "region", "aria-label": payload.title },
    html("p", { class: "medke-unseen" }, confusionText(payload)),
    html("h2", {}, payload.title),
    html("p", { class: "medke-quiet" }, payload.subtitle),
    key(payload.series.map(({ label }) => label)),
    plot,
    tip,
    html("div", { class: "medke-tools" }, save, copy, status),
    confusionTable(payload),
  );
  host.append(root);
  return themedView(root, CONFUSION_STYLES);
}

function key(labels: readonly string[]): HTMLElement {
  const mark = (className: string, d: string) => svg("svg", SWATCH_FRAME, svg("path", { class: className, d }));
  return html(
    "ul",
    { class: "medke-legend", "aria-label": "Key" },
    ...labels.map((label, i) => html("li", {}, swatch(i), `${i + 1}. ${label}`)),
    html("li", {}, mark("medke-stroke", "M11,1V13M7,1H15M7,13H15"), "95% interval"),
    html("li", {}, mark("medke-rule", "M0,7H22"), "rule that sees no image"),
  );
}
