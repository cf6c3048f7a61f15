import type { Figure, Trace } from "plotly.js-strict-dist-min";
import { editorStyle, type Hatch } from "../../kernels/display/editor-style.ts";
import { score } from "../../kernels/display/format-number.ts";
import { metricWords } from "../../kernels/display/metric-words.ts";
import { sampleSize } from "../../kernels/display/metrics-summary.ts";
import type { MetricsPayload, MetricsPayloadRow } from "../../kernels/display/metrics.ts";
import { metricPanels, type MetricPanel } from "../../kernels/display/panels.ts";
import { wrap } from "../../kernels/display/svg-text.ts";
import { labelPlace, valueRange } from "../../kernels/display/value-range.ts";
import type { Theme } from "../theme.ts";
import { barWords } from "./bar-words.ts";
import { glyphsIn, panelGrid, type Box } from "./panel-grid.ts";

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

const SHAPES: Record<Hatch, string> = {
  plain: "",
  rising: "/",
  dots: ".",
  crossed: "x",
  falling: "\\",
  upright: "|",
  level: "-",
};
const HATCH_INK = "#111111"; // at least 4:1 on every fill, in light and dark themes alike

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
  const keyHeight = standalone ? keyRows(editors, width, theme) * theme.fontSize * 1.7 + 8 : 0;
  const foot = standalone && payload.notice ? theme.fontSize * 2 : 0;
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
    Object.assign(axes, panelAxes(panel, box, id, theme));
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
    if (foot) annotations.push(note(`<i>${plain(payload.notice)}</i>`, 0.5, 0, theme, "bottom", 8, "center"));
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

interface PanelOptions {
  theme: Theme;
  hidden: ReadonlySet<string>;
  /** Suffix of the panel's axes: "", "2", "3", ... */
  id: string;
  legend: boolean;
  /** Pixels between its axis and its right edge. */
  width: number;
}

function panelTraces(panel: MetricPanel, editors: string[], options: PanelOptions) {
  const { theme, hidden, id, legend } = options;
  const width = 0.84 / editors.length;
  const room = (options.width / panel.categories.length) * width;
  const high = theme.kind.startsWith("hc");
  const bars = panel.categories
    .flatMap(({ bars }, category) =>
      bars.map((bar) => ({
        bar,
        index: editors.indexOf(bar.editor),
        x: category - 0.42 + width * (editors.indexOf(bar.editor) + 0.5),
      })),
    )
    .filter(({ bar }) => !hidden.has(bar.editor));
  const range = valueRange(panel.categories.flatMap((category) => category.bars));
  const xs = bars.map(({ x }) => x);
  const common = { xaxis: `x${id}`, yaxis: `y${id}`, showlegend: false, hoverinfo: "skip" };

  const filled = editors.map((editor, index) => {
    const own = bars.filter((each) => each.index === index);
    const style = editorStyle(index);
    return {
      ...common,
      type: "bar",
      name: plain(editor),
      showlegend: legend && !hidden.has(editor),
      x: own.map(({ x }) => x),
      y: own.map(({ bar }) => bar.value),
      width: width * 0.86,
      marker: {
        color: style.colour,
        line: { color: theme.ink, width: high ? 2 : 1 },
        pattern: { shape: SHAPES[style.hatch], fgcolor: HATCH_INK, fillmode: "overlay", size: 8, solidity: 0.2 },
      },
    };
  });
  const bases = baseLines(bars.map(({ bar, x }) => ({ value: bar.base, from: x - width / 2, to: x + width / 2 })));
  const baseLine = (color: string, extra: number) => ({
    ...common,
    type: "scatter",
    mode: "lines",
    name: "base model",
    showlegend: legend && !extra,
    x: bases.flatMap(({ from, to }) => [from, to, null]),
    y: bases.flatMap(({ value }) => [value, value, null]),
    line: { color, width: 2.5 + extra },
  });
  const intervals = (color: string, extra: number) => ({
    ...common,
    type: "scatter",
    mode: "markers",
    name: "95% interval",
    showlegend: legend && !extra,
    x: xs,
    y: bars.map(({ bar }) => bar.value),
    // The mark itself is only for the key of a saved picture.
    marker: { color: theme.ink, opacity: legend ? 1 : 0, symbol: "line-ns-open", size: 0.1 },
    error_y: {
      type: "data",
      symmetric: false,
      array: bars.map(({ bar }) => Math.max(0, bar.ci[1] - bar.value)),
      arrayminus: bars.map(({ bar }) => Math.max(0, bar.value - bar.ci[0])),
      color,
      thickness: 1.5 + extra,
      width: 4.5 + extra / 3,
    },
    cliponaxis: false,
  });
  // Lines are drawn twice, first wide in the colour of the ground, so that they stand out on every fill.
  const lines = [baseLine(theme.paper, 3), intervals(theme.paper, 3), baseLine(theme.ink, 0), intervals(theme.ink, 0)];
  const places = bars.map(({ bar }) => labelPlace(bar, range));
  const span = range[1] - range[0];
  const numbers = {
    ...common,
    type: "scatter",
    mode: "text",
    x: xs,
    y: places.map(({ y, above }) => y + (above ? 0.015 : -0.015) * span),
    // Below this width neighbouring numbers would touch; the hover text and the table still hold them.
    text: bars.map(({ bar }) => (room >= theme.fontSize * 2.3 ? score(bar.value) : "")),
    textposition: places.map(({ above }) => `${above ? "top" : "bottom"} center`),
    cliponaxis: false,
  };
  const least = 0.08 * span;
  const hover = {
    ...common,
    type: "bar",
    x: xs,
    y: bars.map(({ bar }) => (bar.value < 0 ? Math.min(bar.ci[0], -least) : Math.max(bar.ci[1], least))),
    width,
    marker: { color: "rgba(0,0,0,0)", line: { width: 0 } },
    hoverinfo: undefined,
    hovertext: bars.map(({ bar }) => hoverText(bar)),
    hovertemplate: "%{hovertext}<extra></extra>",
  };
  return { traces: [...filled, ...lines, numbers, hover], hover: bars.map(({ bar }) => bar) };
}

interface BaseLine {
  value: number;
  from: number;
  to: number;
}

/** Joins lines that meet at one height: the editors of a category share one base model, and usually its value. */
function baseLines(lines: BaseLine[]): BaseLine[] {
  const joined: BaseLine[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last && last.value === line.value && Math.abs(last.to - line.from) < 1e-6) last.to = line.to;
    else joined.push({ ...line });
  }
  return joined;
}

function panelAxes(panel: MetricPanel, box: Box, id: string, theme: Theme) {
  const range = valueRange(panel.categories.flatMap((category) => category.bars));
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

/** Plotly sets its key in columns as wide as the longest name. */
function keyRows(editors: string[], width: number, theme: Theme): number {
  const longest = Math.max(...[...editors, "95% interval"].map((name) => name.length));
  const columns = Math.max(1, Math.floor(width / (longest * theme.fontSize * 0.62 + 60)));
  return Math.ceil((editors.length + 2) / columns);
}

const hoverText = (bar: MetricsPayloadRow): string => {
  const [title, ...facts] = barWords(bar).map(plain);
  return [`<b>${title}</b>`, ...facts].join("<br>");
};

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

/** Plotly reads a small markup in all text, so data must not look like any. */
const plain = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
