import type { ConfusionPayload, ConfusionPlotMetric } from "./confusion.ts";
import { CONFUSION_PANELS, confusionText, PANEL_METRICS } from "./confusion-text.ts";
import { editorStyle } from "./editor-style.ts";
import { score } from "./format-number.ts";
import { escapeXml, wrap } from "./svg-text.ts";

const INK = "#1f1f1f";
const QUIET = "#595959";
const PAD = 20;
const TOP = 112;
const HEIGHT = 240;
const BAR = 34;
const GAP = 14;
/** Room right of the bars for the names of the baselines. */
const NAMES = 150;

/** Draws a confusion plot as a standalone SVG on white: three panels from 0 to 1, bars with intervals, dashed lines for rules that see no image. */
export function confusionSvg(payload: ConfusionPayload): string {
  const inner = payload.series.length * (BAR + GAP) + GAP;
  const panel = inner + NAMES;
  const legend = payload.series.length * 20;
  const width = 2 * PAD + 30 + PANEL_METRICS.length * panel;
  const height = TOP + HEIGHT + 50 + legend + PAD;
  const limit = Math.floor((width - 2 * PAD) / 6.6);
  const subtitle = wrap(payload.subtitle, limit)
    .map((line, i) => text(PAD, 50 + 16 * i, line, `fill="${QUIET}"`))
    .join("");
  const panels = PANEL_METRICS.map((metric, i) => {
    const x = PAD + 30 + i * panel;
    return `<g transform="translate(${x},${TOP})">${drawPanel(payload, metric, inner)}</g>`;
  });
  const keys = payload.series.map(({ label }, i) => {
    const y = TOP + HEIGHT + 50 + 20 * i;
    return `<rect x="${PAD}" y="${y}" width="20" height="12" fill="${editorStyle(i).colour}" stroke="${INK}"/>${text(PAD + 28, y + 10, `${i + 1}. ${label}`)}`;
  });
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" ` +
    `font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12" fill="${INK}">` +
    `<title>${escapeXml(payload.title)}</title><desc>${escapeXml(confusionText(payload))}</desc>` +
    `<rect width="${width}" height="${height}" fill="#ffffff"/>` +
    text(PAD, 30, payload.title, `font-size="17" font-weight="600"`) +
    `${subtitle}${panels.join("")}${keys.join("")}</svg>\n`
  );
}

const yOf = (value: number) => HEIGHT * (1 - value);
const text = (x: number, y: number, words: string, style = "") =>
  `<text x="${x}" y="${y}" ${style}>${escapeXml(words)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, style: string) =>
  `<path d="M${x1},${y1}L${x2},${y2}" fill="none" ${style}/>`;

function drawPanel(payload: ConfusionPayload, metric: ConfusionPlotMetric, inner: number): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      line(0, yOf(tick), inner, yOf(tick), `stroke="${INK}" stroke-opacity="0.14"`) +
      text(-6, yOf(tick) + 4, score(tick), `text-anchor="end" fill="${QUIET}" font-size="10"`),
  );
  const bars = payload.series.map(({ scores }, i) => {
    const x = GAP + i * (BAR + GAP);
    const found = scores[metric];
    const number = text(x + BAR / 2, HEIGHT + 16, String(i + 1), `text-anchor="middle"`);
    if (!found) return number + text(x + BAR / 2, HEIGHT - 6, "–", `text-anchor="middle"`);
    const { value, ci } = found;
    const middle = x + BAR / 2;
    const [low, high] = (ci ?? [value, value]).map(yOf);
    const whisker = ci && `M${middle},${low}V${high}M${middle - 5},${low}h10M${middle - 5},${high}h10`;
    return (
      `<rect x="${x}" y="${yOf(value)}" width="${BAR}" height="${HEIGHT * value}" fill="${editorStyle(i).colour}" stroke="${INK}"/>` +
      // First wide in the colour of the paper, so that the line stands out on every fill.
      (whisker
        ? `<path d="${whisker}" stroke="#ffffff" stroke-width="4" fill="none"/><path d="${whisker}" stroke="${INK}" stroke-width="1.5" fill="none"/>`
        : "") +
      text(middle, Math.min(high, yOf(value)) - 6, score(value), `text-anchor="middle"`) +
      number
    );
  });
  const title = text(0, -30, CONFUSION_PANELS[metric], `font-weight="600"`);
  return title + ticks.join("") + bars.join("") + references(payload, metric, inner);
}

/** A dashed line for every height at which rules lie, with their names right of the bars. */
function references({ baselines }: ConfusionPayload, metric: ConfusionPlotMetric, inner: number): string {
  const names = new Map<number, string[]>();
  for (const { label, scores } of baselines) {
    const value = scores[metric];
    if (value !== null) names.set(value, [...(names.get(value) ?? []), label]);
  }
  return [...names]
    .map(([value, labels]) => {
      const y = yOf(value);
      const below = labels.map((label, i) =>
        text(inner + 8, y + 4 + 13 * (i - (labels.length - 1) / 2), label, `font-size="11"`),
      );
      return line(0, y, inner + 4, y, `stroke="${INK}" stroke-width="1.5" stroke-dasharray="5 3"`) + below.join("");
    })
    .join("");
}
