import { curvePanels } from "../../kernels/display/curve-panels.ts";
import { curvesCsv } from "../../kernels/display/curves-csv.ts";
import { curvesSvg } from "../../kernels/display/curves-svg.ts";
import { curvesSummary, pointFacts } from "../../kernels/display/curves-text.ts";
import { profileWords } from "../../kernels/display/metric-words.ts";
import { readCurves } from "../../kernels/display/read-curves.ts";
import { html } from "../element.ts";
import { copyText } from "../metrics/copy-text.ts";
import { pointKeys } from "../metrics/point-keys.ts";
import { fileName, saveFile } from "../metrics/save-file.ts";
import { themedView } from "../themed-view.ts";
import type { View } from "../view.ts";
import { curvesTable } from "./data-table.ts";
import { curvesLegend } from "./legend.ts";
import { curvesPanel } from "./panel.ts";
import { CURVES_STYLES } from "./styles.ts";

/**
 * Shows curves over the number of edits: a panel a metric, with key, tools and table. A point that is pointed at sets its editor's curves
 * off in every panel.
 *
 * Throws: PayloadError; IncomparableRowsError.
 */
export function showCurves(host: HTMLElement, value: unknown): View {
  const payload = readCurves(value);
  const arranged = curvePanels(payload.rows);
  const hidden = new Set<string>();
  const tip = html("p", { class: "medke-tip medke-quiet", "aria-live": "polite" });
  const status = html("span", { role: "status", class: "medke-quiet" });

  const point = (row: (typeof payload.rows)[number] | undefined) => {
    for (const each of points) {
      each.mark.classList.toggle("medke-pointed", each.row === row);
      each.curve.classList.toggle("medke-aside", row !== undefined && each.row.editor !== row.editor);
    }
    tip.textContent = row ? pointFacts(row).join(", ") : "";
  };
  const panels = arranged.panels.map((panel) => curvesPanel(panel, arranged, point));
  const points = panels.flatMap((panel) => panel.points);
  const shown = () => points.filter(({ row }) => !hidden.has(row.editor));
  const legend = curvesLegend(arranged, (editor, visible) => {
    if (visible) hidden.delete(editor);
    else hidden.add(editor);
    for (const { row, curve } of points) curve.toggleAttribute("hidden", hidden.has(row.editor));
  });
  const plot = html(
    "div",
    {
      class: "medke-panels",
      tabindex: 0,
      role: "group",
      "aria-roledescription": "line plot",
      "aria-label": "Points. Arrow keys move from point to point, Escape leaves.",
    },
    ...panels.map(({ element }) => element),
  );
  pointKeys(
    plot,
    () => shown().length,
    (index) => point(index === undefined ? undefined : shown()[index].row),
  );
  const save = html("button", { type: "button" }, "Save SVG");
  save.addEventListener("click", () => {
    const url = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(curvesSvg(payload))}`;
    saveFile(plot, url, fileName(payload.title, "svg"));
    status.textContent = "Picture saved.";
  });
  const copy = html("button", { type: "button" }, "Copy data as CSV");
  copy.addEventListener("click", async () => {
    const done = await copyText(plot, curvesCsv(payload));
    status.textContent = done
      ? `Copied ${payload.rows.length} rows.`
      : "Copying was refused; select the table instead.";
  });
  const root = html(
    "section",
    { class: "medke medke-curves", role: "region", "aria-label": payload.title },
    html("p", { class: "medke-unseen" }, curvesSummary(payload)),
    html("h2", {}, payload.title),
    html("p", { class: "medke-quiet" }, payload.subtitle),
    html("p", { class: "medke-quiet" }, profileWords(payload.profile)),
    legend,
    plot,
    tip,
    html("p", { class: "medke-notice" }, payload.notice),
    html("div", { class: "medke-tools" }, save, copy, status),
    curvesTable(payload),
  );
  host.append(root);
  return themedView(root, CURVES_STYLES);
}
