import type { Figure, Trace } from "plotly.js-strict-dist-min";
import { metricWords } from "../../kernels/display/metric-words.ts";
import { sampleSize } from "../../kernels/display/metrics-summary.ts";
import type { MetricsPayload, MetricsPayloadRow } from "../../kernels/display/metrics.ts";
import { metricPanels, type MetricPanel } from "../../kernels/display/panels.ts";
import {
  anyBeside,
  reportedBeside,
  reportedParagraphs,
  type ReportedPoint,
} from "../../kernels/display/reported-point.ts";
import { wrap } from "../../kernels/display/svg-text.ts";
import { valueRange } from "../../kernels/display/value-range.ts";
import type { Theme } from "../theme.ts";
import { glyphsIn, panelGrid, type Box } from "./panel-grid.ts";
import { panelTraces } from "./panel-traces.ts";
import { plain } from "./plain.ts";

export interface FigureOptions {
  /** Pixels. */
  width: number;
  theme: Theme;
  /** Editors switched off in the legend; their places stay free, so that nothing jumps. */
  hidden?: ReadonlySet<string>;
  /** Adds title, notice and legend, which a notebook shows as text around the plot. For saving. */
  standalone?: boolean;
}

/** A bar that can be pointed at: where plotly finds it, and what it stands for. */
export interface Target {
  curveNumber: number;
  pointNumber: number;
  subplot: string;
  bar: MetricsPayloadRow;
}

export interface MetricsFigure extends Figure {
  width: number;
  height: number;
  targets: Target[];
}

/**
 * Plotly's description of a metric plot: grouped bars, 95% intervals and base values, a subplot a scoring profile. SVG traces only.
 *
 * Throws: IncomparableRowsError.
 */
export function metricsFigure(payload: MetricsPayload, options: FigureOptions): MetricsFigure {
  const { theme, width, hidden = new Set<string>(), standalone = false } = options;
  const { editors, panels } = metricPanels(payload.rows);
  const head = standalone ? headLines(payload, width, theme) : [];
  const headHeight = standalone ? head.length * theme.fontSize * 1.35 + 14 : 0;
  const keyHeight = standalone
    ? keyRows(editors, anyBeside(panels, payload.reported) ? 3 : 2, width, theme) * theme.fontSize * 1.7 + 8
    : 0;
  const feet = standalone ? footLines(payload, width, theme) : [];
  const foot = feet.length ? theme.fontSize * 1.35 * feet.length + 12 : 0;
  const grid = panelGrid(panels, editors.length, {
    width,
    top: headHeight + keyHeight,
    bottom: foot,
    fontSize: theme.fontSize,
  });

  const data: Trace[] = [];
  const targets: Target[] = [];
  const annotations: Record<string, unknown>[] = [];
  const axes: Record<string, unknown> = {};
  panels.forEach((panel, index) => {
    const id = index === 0 ? "" : String(index + 1);
    const box = grid.boxes[index];
    const drawn = panelTraces(panel, editors, {
      reported: payload.reported,
      theme,
      hidden,
      id,
      legend: standalone && index === 0,
      width: box.width,
    });
    // Only the last trace answers the pointer, so that a bar of height 0 is found too.
    drawn.hover.forEach((bar, pointNumber) =>
      targets.push({ curveNumber: data.length + drawn.traces.length - 1, pointNumber, subplot: `x${id}y${id}`, bar }),
    );
    data.push(...drawn.traces);
    Object.assign(axes, panelAxes(panel, box, id, theme, payload.reported));
    annotations.push(
      note(
        box.title.map((text) => `<b>${plain(text)}</b>`).join("<br>"),
        box.fractionX[0],
        box.fractionY[1],
        theme,
        "bottom",
        26,
      ),
    );
  });
  if (standalone) {
    annotations.push(note(head.join("<br>"), 0.5, 1, theme, "top", -10, "center"));
    if (foot) annotations.push(note(feet.join("<br>"), 0.5, 0, theme, "bottom", 8, "center"));
  }
  const font = { family: theme.font, size: theme.fontSize, color: theme.ink };
  const layout = {
    ...axes,
    annotations,
    width,
    height: grid.height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: theme.paper,
    plot_bgcolor: theme.paper,
    font,
    barmode: "overlay",
    hovermode: "closest",
    dragmode: false,
    hoverlabel: { bgcolor: theme.paper, bordercolor: theme.ink, font, align: "left" },
    showlegend: standalone,
    legend: {
      orientation: "h",
      x: 0.5,
      xanchor: "center",
      y: 1 - headHeight / grid.height,
      yanchor: "top",
      itemsizing: "constant",
    },
  };
  return { data, layout, width, height: grid.height, targets };
}

function panelAxes(panel: MetricPanel, box: Box, id: string, theme: Theme, reported?: readonly ReportedPoint[]) {
  const range = valueRange(
    panel.categories.flatMap((category) => category.bars),
    panel.categories.flatMap((category) => reportedBeside(category, panel.profile, reported)),
  );
  const fraction = range[0] === 0 && range[1] === 1;
  const slot = box.width / panel.categories.length;
  const line = { color: theme.ink, fixedrange: true };
  return {
    [`xaxis${id}`]: {
      ...line,
      anchor: `y${id}`,
      domain: box.fractionX,
      range: [-0.5, panel.categories.length - 0.5],
      tickvals: panel.categories.map((_, i) => i),
      ticktext: panel.categories.map(({ metric, bars }) =>
        [...wrap(metricWords(metric), glyphsIn(slot, theme.fontSize)).map(plain), sampleSize(bars)].join("<br>"),
      ),
      tickangle: 0,
      showgrid: false,
      zeroline: false,
      ticks: "",
    },
    [`yaxis${id}`]: {
      ...line,
      anchor: `x${id}`,
      domain: box.fractionY,
      // A little beyond the bounds, because plotly cuts a line that lies on them in half.
      range: [range[0] - 0.015 * (range[1] - range[0]), range[1] + 0.015 * (range[1] - range[0])],
      ...(fraction ? { tick0: 0, dtick: 0.2, tickformat: ".2f" } : { nticks: 6 }),
      gridcolor: theme.ink.replace(
        /^rgba?\(([^)]*?)\)$/,
        (_, rgb: string) => `rgba(${rgb.split(",").slice(0, 3)},0.16)`,
      ),
      zeroline: true,
      zerolinecolor: theme.ink,
      zerolinewidth: 1,
      ticks: "",
      ticklabelstandoff: 6,
    },
  };
}

function headLines(payload: MetricsPayload, width: number, theme: Theme): string[] {
  const limit = glyphsIn(width, theme.fontSize);
  return [
    ...wrap(payload.title, Math.floor(limit * 0.9)).map((text) => `<b>${plain(text)}</b>`),
    ...wrap(payload.subtitle, limit).map(plain),
  ];
}

/** Published figures with their sources, then the notice: a saved picture travels without the text around it. */
function footLines(payload: MetricsPayload, width: number, theme: Theme): string[] {
  const limit = glyphsIn(width, theme.fontSize);
  const reported = reportedParagraphs(payload.reported).flatMap((text) => wrap(text, limit).map(plain));
  return payload.notice
    ? [...reported, ...wrap(payload.notice, limit).map((text) => `<i>${plain(text)}</i>`)]
    : reported;
}

/** Plotly sets its key in columns as wide as the longest name. */
function keyRows(editors: string[], marks: number, width: number, theme: Theme): number {
  const longest = Math.max(
    ...[...editors, marks > 2 ? "reported, not measured" : "95% interval"].map((name) => name.length),
  );
  const columns = Math.max(1, Math.floor(width / (longest * theme.fontSize * 0.62 + 60)));
  return Math.ceil((editors.length + marks) / columns);
}

function note(
  text: string,
  x: number,
  y: number,
  theme: Theme,
  yanchor: "top" | "bottom",
  yshift: number,
  align: "left" | "center" = "left",
) {
  const font = { color: theme.ink, family: theme.font, size: theme.fontSize };
  const place = { x, y, xref: "paper", yref: "paper", xanchor: align, yanchor, yshift };
  return { ...place, text, align, font, showarrow: false, borderpad: 0 };
}
