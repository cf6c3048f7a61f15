import type * as PlotModule from "@observablehq/plot";
import { editorLooks, editorStyle } from "./editor-style.ts";
import { interval, score } from "./format-number.ts";
import { metricWords } from "./metric-words.ts";
import type { MetricsPayloadRow } from "./metrics.ts";
import { sampleSize } from "./metrics-summary.ts";
import type { MetricPanel } from "./panels.ts";
import { type PlacedPoint, pointWords, reportedBeside, type ReportedPoint } from "./reported-point.ts";
import { labelPlace, valueRange } from "./value-range.ts";
import { wrap } from "./svg-text.ts";

const MARGIN = { top: 22, right: 16, bottom: 58, left: 44 };
const INK = "#1f1f1f";
const PAPER = "#ffffff";
const CAP = 9;

export interface PanelFrame {
  /** Pixels, axes included. */
  width: number;
  height: number;
  /** All editors of the plot, so that panels with gaps keep their order and colours. */
  editors: string[];
  reported?: readonly ReportedPoint[];
}

/** Draws one profile's grouped bars and gives the SVG element's markup. `Plot` and `document` are passed in because they load lazily. */
export function metricsPanelSvg(
  Plot: typeof PlotModule,
  document: Document,
  panel: MetricPanel,
  frame: PanelFrame,
): string {
  const bars = panel.categories.flatMap((category) => category.bars);
  const looks = editorLooks(frame.editors);
  const spread = bars.filter(({ ci }) => ci !== null);
  const at = { fx: "metric", x: "editor" };
  const slot = (frame.width - MARGIN.left - MARGIN.right) / panel.categories.length;
  const reported = panel.categories.flatMap((category) => reportedBeside(category, panel.profile, frame.reported));
  const scale = valueRange(bars, reported);
  const room = slot / (frame.editors.length + 0.8);
  const lines = (stroke: string, extra: number) => [
    Plot.tickY(bars, {
      ...at,
      y: "base",
      stroke,
      strokeWidth: 2.5 + extra,
      insetLeft: -5,
      insetRight: -5,
      // Neighbours overlap a little; smoothed edges would add up to visible knots.
      shapeRendering: "crispEdges",
    }),
    Plot.ruleX(spread, { ...at, y1: low, y2: high, stroke, strokeWidth: 1.5 + extra }),
    ...[low, high].map((y) =>
      Plot.vector(spread, { ...at, y, length: CAP, rotate: 90, stroke, strokeWidth: 1.5 + extra, shape: STROKE }),
    ),
  ];
  const numbers = (above: boolean) =>
    Plot.text(
      bars.filter((bar) => labelPlace(bar, scale).above === above),
      {
        ...at,
        y: (bar: MetricsPayloadRow) => labelPlace(bar, scale).y,
        text: (bar: MetricsPayloadRow) => score(bar.value),
        dy: above ? -9 : 10,
        fill: INK,
      },
    );

  const svg = Plot.plot({
    document,
    width: frame.width,
    height: frame.height,
    marginTop: MARGIN.top,
    marginRight: MARGIN.right,
    marginBottom: MARGIN.bottom,
    marginLeft: MARGIN.left,
    style: { color: INK, fontSize: "12px" },
    fx: { domain: panel.categories.map(({ metric }) => metric), padding: 0.12, axis: null },
    x: { domain: frame.editors, padding: 0.16, axis: null },
    y: { domain: scale, label: null },
    marks: [
      Plot.gridY({ stroke: INK, strokeOpacity: 0.14 }),
      Plot.axisY({ tickSize: 0, tickFormat: (value: number) => score(value) }),
      Plot.axisFx({
        anchor: "bottom",
        label: null,
        lineWidth: Infinity,
        lineHeight: 1.25,
        tickFormat: (metric: string) => {
          const { bars } = panel.categories.find((category) => category.metric === metric)!;
          return [...wrap(metricWords(metric), Math.max(8, Math.floor(slot / 6.8))), sampleSize(bars)].join("\n");
        },
      }),
      Plot.barY(bars, {
        ...at,
        y: "value",
        fill: (bar: MetricsPayloadRow) => editorStyle(looks[frame.editors.indexOf(bar.editor)]).colour,
        title: (bar: MetricsPayloadRow) =>
          `${bar.editor}, ${metricWords(bar.metric)}: ${score(bar.value)}, 95% interval ${interval(bar.ci)}, ` +
          `base ${score(bar.base)}, n ${bar.n}, ${bar.profile}, ${bar.comparable_group}`,
      }),
      ...frame.editors.map((editor, index) =>
        Plot.barY(
          bars.filter((bar) => bar.editor === editor),
          { ...at, y: "value", fill: `url(#${hatchId(looks[index])})`, stroke: INK },
        ),
      ),
      // Lines are drawn twice, first wide in the colour of the paper, so that they stand out on every fill.
      ...lines(PAPER, 2.5),
      ...lines(INK, 0),
      Plot.ruleY([0], { stroke: INK }),
      // In the gap right of a group, where no bar stands: they are no editor of this plot.
      Plot.dot(reported, {
        fx: "metric",
        y: "value",
        frameAnchor: "right",
        symbol: "diamond",
        r: 4.5,
        fill: PAPER,
        stroke: INK,
        strokeWidth: 1.5,
        title: (point: PlacedPoint) => pointWords(point),
      }),
      // Below this width neighbouring numbers would touch; the table and the tooltips still hold them.
      ...(room >= 30 ? [numbers(true), numbers(false)] : []),
    ],
    color: { type: "identity" },
  });
  svg.querySelector("style")?.remove(); // rules for browsers only; some viewers draw them as text
  return svg.outerHTML;
}

/** The pattern of the editor whose looks are at place `look`. */
export const hatchId = (look: number): string => `medke-hatch-${editorStyle(look).hatch}`;

const low = (bar: MetricsPayloadRow) => bar.ci![0];
const high = (bar: MetricsPayloadRow) => bar.ci![1];

const STROKE: PlotModule.VectorShape = {
  draw: (context, length) => {
    context.moveTo(0, 0);
    context.lineTo(0, -length);
  },
};
