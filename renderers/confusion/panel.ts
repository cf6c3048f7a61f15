import type { ConfusionPayload, ConfusionPlotMetric } from "../../kernels/display/confusion.ts";
import { CONFUSION_PANELS } from "../../kernels/display/confusion-text.ts";
import { editorStyle } from "../../kernels/display/editor-style.ts";
import { score } from "../../kernels/display/format-number.ts";
import { html, svg } from "../element.ts";
import { hatchStrokes } from "../metrics/legend.ts";

const HEIGHT = 220;
const TOP = 20;
const LEFT = 36;
const BAR = 34;
const GAP = 14;
/** Room right of the bars for the names of the rules. */
const NAMES = 110;

/** One metric's bars. `bars` are their groups, in the order of the series; pointing at one calls `point`. */
export interface Panel {
  element: HTMLElement;
  bars: SVGGElement[];
}

/** Draws one of the three panels from 0 to 1: a bar a series, whiskers, and a dashed line for every height at which rules without an image lie. */
export function confusionPanel(
  payload: ConfusionPayload,
  metric: ConfusionPlotMetric,
  { ids, point }: { ids: string; point: (series: number | undefined) => void },
): Panel {
  const inner = payload.series.length * (BAR + GAP) + GAP;
  const [width, height] = [LEFT + inner + NAMES, TOP + HEIGHT + 24];
  const bars = payload.series.map((_, i) => bar(payload, metric, i, ids, point));
  const picture = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, width, height },
    svg("defs", {}, ...payload.series.map((_, i) => hatch(i, ids))),
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((tick) => [
      svg("path", { class: "medke-grid", d: `M${LEFT},${yOf(tick)}h${inner}` }),
      svg("text", { x: LEFT - 6, y: yOf(tick) + 4, "text-anchor": "end" }, score(tick)),
    ]),
    ...bars,
    ...rules(payload, metric, inner),
  );
  return { element: html("figure", {}, html("figcaption", {}, CONFUSION_PANELS[metric]), picture), bars };
}

const yOf = (value: number) => TOP + HEIGHT * (1 - value);

function bar(
  { series }: ConfusionPayload,
  metric: ConfusionPlotMetric,
  index: number,
  ids: string,
  point: (series: number | undefined) => void,
): SVGGElement {
  const x = LEFT + GAP + index * (BAR + GAP);
  const middle = x + BAR / 2;
  const found = series[index].scores[metric];
  const text = (y: number, words: string) => svg("text", { x: middle, y, "text-anchor": "middle" }, words);
  const box = (fill: string, value: number) =>
    svg("rect", { class: "medke-bar", x, y: yOf(value), width: BAR, height: HEIGHT * value, fill });
  const drawn: SVGElement[] = [];
  if (found) {
    const { value, ci } = found;
    const [low, high] = (ci ?? [value, value]).map(yOf);
    const whisker = `M${middle},${low}V${high}M${middle - 5},${low}h10M${middle - 5},${high}h10`;
    drawn.push(box(editorStyle(index).colour, value), box(`url(#${ids}-${index})`, value));
    // First wide in the colour of the ground, so that the line stands out on every fill.
    if (ci) drawn.push(...["medke-halo", "medke-stroke"].map((name) => svg("path", { class: name, d: whisker })));
    drawn.push(text(Math.min(high, yOf(value)) - 6, score(value)));
  } else drawn.push(text(yOf(0) - 6, "\u2013"));
  const hit = svg("rect", { class: "medke-hit", x: x - GAP / 2, y: 0, width: BAR + GAP, height: TOP + HEIGHT + 24 });
  const group = svg("g", {}, ...drawn, text(TOP + HEIGHT + 16, String(index + 1)), hit);
  group.addEventListener("pointerenter", () => point(index));
  group.addEventListener("pointerleave", () => point(undefined));
  return group;
}

function rules({ baselines }: ConfusionPayload, metric: ConfusionPlotMetric, inner: number): SVGElement[] {
  const names = new Map<number, string[]>();
  for (const { label, scores } of baselines) {
    const value = scores[metric];
    if (value !== null) names.set(value, [...(names.get(value) ?? []), label]);
  }
  return [...names].flatMap(([value, labels]) => [
    ...["medke-rule-halo", "medke-rule"].map((name) =>
      svg("path", { class: name, d: `M${LEFT},${yOf(value)}h${inner + 4}` }),
    ),
    ...labels.map((label, i) =>
      svg("text", { x: LEFT + inner + 8, y: yOf(value) + 4 + 14 * (i - (labels.length - 1) / 2) }, label),
    ),
  ]);
}

/** The hatching of a series as a tile; ids are unique in the document, which other outputs share. */
const hatch = (index: number, ids: string): SVGElement =>
  svg(
    "pattern",
    { id: `${ids}-${index}`, width: 22, height: 14, patternUnits: "userSpaceOnUse" },
    hatchStrokes(editorStyle(index).hatch),
  );
