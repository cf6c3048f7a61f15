import type { Plotly } from "plotly.js-strict-dist-min";
import { metricsCsv } from "../../kernels/display/metrics-csv.ts";
import { metricsSummary } from "../../kernels/display/metrics-summary.ts";
import { metricPanels } from "../../kernels/display/panels.ts";
import { anyBeside, reportedParagraphs } from "../../kernels/display/reported-point.ts";
import { readMetrics } from "../../kernels/display/read-metrics.ts";
import { html } from "../element.ts";
import { adoptStyles } from "../styles.ts";
import { applyTheme, watchTheme } from "../theme.ts";
import type { View } from "../view.ts";
import { barWords } from "./bar-words.ts";
import { copyText } from "./copy-text.ts";
import { dataTable } from "./data-table.ts";
import { metricsFigure, type MetricsFigure } from "./figure.ts";
import { legend } from "./legend.ts";
import { pointKeys } from "./point-keys.ts";
import { fileName, saveFile } from "./save-file.ts";
import { METRICS_STYLES } from "./styles.ts";

/**
 * Shows a metric plot with its key, tools and table. Text is there at once; the plot follows when plotly has loaded.
 *
 * Throws: PayloadError, IncomparableRowsError.
 */
export function showMetrics(host: HTMLElement, value: unknown): View {
  const payload = readMetrics(value);
  const { editors, panels } = metricPanels(payload.rows);
  const summary = metricsSummary(payload);
  const hidden = new Set<string>();

  const status = html("span", { role: "status", class: "medke-quiet" });
  const spoken = html("p", { class: "medke-unseen", "aria-live": "polite" });
  const canvas = html("div", { "aria-hidden": "true" });
  const plot = html(
    "div",
    {
      class: "medke-plot",
      tabindex: 0,
      role: "group",
      "aria-roledescription": "bar plot",
      "aria-label": "Bars. Arrow keys move from bar to bar, Escape leaves.",
    },
    canvas,
  );
  const save = html("button", { type: "button", disabled: true }, "Save PNG");
  const copy = html("button", { type: "button" }, "Copy data as CSV");
  const root = html(
    "section",
    { class: "medke medke-metrics", role: "region", "aria-label": payload.title },
    html("p", { class: "medke-unseen" }, summary),
    html("h2", {}, payload.title),
    html("p", { class: "medke-quiet" }, payload.subtitle),
    legend(
      editors,
      (editor, shown) => {
        if (shown) hidden.delete(editor);
        else hidden.add(editor);
        void draw();
      },
      { reported: anyBeside(panels, payload.reported) },
    ),
    plot,
    spoken,
    ...reportedParagraphs(payload.reported).map((text) => html("p", { class: "medke-quiet medke-reported" }, text)),
    html("p", { class: "medke-notice" }, payload.notice),
    html("div", { class: "medke-tools" }, save, copy, status),
    dataTable(payload),
  );
  host.append(root);
  const dropStyles = adoptStyles(root, METRICS_STYLES);
  let theme = applyTheme(root);

  let plotly: Plotly | undefined;
  let figure: MetricsFigure | undefined;
  let disposed = false;
  async function draw(): Promise<void> {
    if (!plotly || disposed) return;
    figure = metricsFigure(payload, { theme, hidden, width: Math.max(280, plot.clientWidth) });
    await plotly.react(canvas, figure.data, figure.layout, {
      displayModeBar: false,
      doubleClick: false,
      showTips: false,
    });
  }

  pointKeys(
    plot,
    () => figure?.targets.length ?? 0,
    (index) => {
      const target = index === undefined ? undefined : figure?.targets[index];
      spoken.textContent = target ? barWords(target.bar).join(", ") : "";
      if (!plotly || !figure) return;
      if (target) plotly.Fx.hover(canvas, [target], target.subplot);
      else plotly.Fx.unhover(canvas);
    },
  );
  save.addEventListener("click", async () => {
    const { data, layout, width, height } = metricsFigure(payload, { theme, hidden, width: 900, standalone: true });
    const url = await plotly!.toImage({ data, layout }, { format: "png", width, height, scale: 2 });
    saveFile(root, url, fileName(payload.title, "png"));
    status.textContent = "Picture saved.";
  });
  copy.addEventListener("click", async () => {
    const done = await copyText(root, metricsCsv(payload));
    status.textContent = done
      ? `Copied ${payload.rows.length} rows.`
      : "Copying was refused; select the table instead.";
  });

  const unwatch = watchTheme(() => {
    theme = applyTheme(root);
    void draw();
  });
  let drawnWidth = 0;
  let frame = 0;
  const sizes = new ResizeObserver(() => {
    if (plot.clientWidth === drawnWidth) return; // its own new height comes back here too
    drawnWidth = plot.clientWidth;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => void draw());
  });

  const ready = import("plotly.js-strict-dist-min").then(async ({ default: loaded }) => {
    if (disposed) return;
    plotly = loaded;
    drawnWidth = plot.clientWidth;
    await draw();
    if (disposed) return;
    save.disabled = false;
    sizes.observe(plot);
  });
  return {
    ready,
    dispose() {
      disposed = true;
      cancelAnimationFrame(frame);
      sizes.disconnect();
      unwatch();
      plotly?.purge(canvas);
      dropStyles();
      root.remove();
    },
  };
}
