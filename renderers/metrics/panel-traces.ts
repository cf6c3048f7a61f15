import { editorLooks, editorStyle, type Hatch } from "../../kernels/display/editor-style.ts";
import { score } from "../../kernels/display/format-number.ts";
import type { MetricsPayloadRow } from "../../kernels/display/metrics.ts";
import type { MetricPanel } from "../../kernels/display/panels.ts";
import { pointWords, reportedBeside, type ReportedPoint } from "../../kernels/display/reported-point.ts";
import { wrap } from "../../kernels/display/svg-text.ts";
import { labelPlace, valueRange } from "../../kernels/display/value-range.ts";
import type { Theme } from "../theme.ts";
import { barWords } from "./bar-words.ts";
import { plain } from "./plain.ts";

const SHAPES: Record<Hatch, string> = {
  plain: "",
  rising: "/",
  dots: ".",
  crossed: "x",
  falling: "\\",
  upright: "|",
  level: "-",
  grid: "+",
};
const HATCH_INK = "#111111"; // at least 4:1 on every fill, in light and dark themes alike

export interface PanelOptions {
  theme: Theme;
  hidden: ReadonlySet<string>;
  /** Suffix of the panel's axes: "", "2", "3", ... */
  id: string;
  legend: boolean;
  /** Published figures; those scored like a category are drawn beside its bars. */
  reported?: readonly ReportedPoint[];
  /** Pixels between its axis and its right edge. */
  width: number;
}

/** The traces of one scoring profile, bottom to top; the last is invisible and answers the pointer, one point a bar of `hover`. */
export function panelTraces(panel: MetricPanel, editors: string[], options: PanelOptions) {
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
  const points = panel.categories.flatMap((category, at) =>
    reportedBeside(category, panel.profile, options.reported).map((point) => ({ point, x: at + 0.46 })),
  );
  const range = valueRange(
    panel.categories.flatMap((category) => category.bars),
    points.map(({ point }) => point),
  );
  const xs = bars.map(({ x }) => x);
  const spread = bars.filter(({ bar }) => bar.ci !== null);
  const common = { xaxis: `x${id}`, yaxis: `y${id}`, showlegend: false, hoverinfo: "skip" };

  const looks = editorLooks(editors);
  const filled = editors.map((editor, index) => {
    const own = bars.filter((each) => each.index === index);
    const style = editorStyle(looks[index]);
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
    x: spread.map(({ x }) => x),
    y: spread.map(({ bar }) => bar.value),
    // The mark itself is only for the key of a saved picture.
    marker: { color: theme.ink, opacity: legend ? 1 : 0, symbol: "line-ns-open", size: 0.1 },
    error_y: {
      type: "data",
      symmetric: false,
      array: spread.map(({ bar }) => Math.max(0, bar.ci![1] - bar.value)),
      arrayminus: spread.map(({ bar }) => Math.max(0, bar.value - bar.ci![0])),
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
  const reported = {
    ...common,
    type: "scatter",
    mode: "markers",
    name: "reported, not measured",
    showlegend: legend && points.length > 0,
    x: points.map(({ x }) => x),
    y: points.map(({ point }) => point.value),
    marker: { symbol: "diamond", size: 9, color: theme.paper, line: { color: theme.ink, width: 1.5 } },
    hoverinfo: undefined,
    hovertext: points.map(({ point }) => wrap(pointWords(point), 60).map(plain).join("<br>")),
    hovertemplate: "%{hovertext}<extra></extra>",
    cliponaxis: false,
  };
  const least = 0.08 * span;
  const hover = {
    ...common,
    type: "bar",
    x: xs,
    y: bars.map(({ bar }) => {
      const [low, high] = bar.ci ?? [bar.value, bar.value];
      return bar.value < 0 ? Math.min(low, -least) : Math.max(high, least);
    }),
    width,
    marker: { color: "rgba(0,0,0,0)", line: { width: 0 } },
    hoverinfo: undefined,
    hovertext: bars.map(({ bar }) => hoverText(bar)),
    hovertemplate: "%{hovertext}<extra></extra>",
  };
  return {
    traces: [...filled, ...lines, numbers, ...(points.length ? [reported] : []), hover],
    hover: bars.map(({ bar }) => bar),
  };
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

const hoverText = (bar: MetricsPayloadRow): string => {
  const [title, ...facts] = barWords(bar).map(plain);
  return [`<b>${title}</b>`, ...facts].join("<br>");
};
