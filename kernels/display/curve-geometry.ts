import type { CurvePanel } from "./curve-panels.ts";
import type { CurvesPayloadRow } from "./curves.ts";
import { score } from "./format-number.ts";
import { valueRange } from "./value-range.ts";

/** Size of one panel's drawing, axes included, pixels. */
export const CURVE_FRAME = { width: 310, height: 200, left: 40, right: 14, top: 10, bottom: 40 };

export interface PlacedCurvePoint {
  row: CurvesPayloadRow;
  x: number;
  y: number;
  /** Path of its interval; missing where it has none. */
  whisker?: string;
}

/** Where everything of a panel stands, in pixels; the static picture and the interactive one draw the same. */
export interface CurveGeometry {
  /** Numbers of edits; `label` is empty where it would touch the one before. */
  columns: { x: number; label: string }[];
  /** Values. */
  lines: { y: number; label: string }[];
  /** Paths of the base model's values, one for each set of cases on which editors were measured. */
  bases: string[];
  /** `look` is the place among the looks of editors. */
  curves: { look: number; path: string; points: PlacedCurvePoint[] }[];
}

/**
 * Places a panel's points: checkpoints at equal distances, the same in all panels, values from 0 to 1 where they are fractions. On a
 * logarithmic axis the last two, often 10 and 12 or 50 and 60, would cover each other.
 */
export function curveGeometry(panel: CurvePanel, checkpoints: readonly number[], editors: number): CurveGeometry {
  const { width, height, left, right, top, bottom } = CURVE_FRAME;
  const [low, high] = valueRange(panel.curves.flatMap(({ points }) => points));
  const yOf = (value: number) => round(top + ((height - top - bottom) * (high - value)) / (high - low));
  const gap = (width - left - right) / checkpoints.length;
  const xOf = (edits: number) => round(left + gap * (checkpoints.indexOf(edits) + 0.5));
  // Editors at one checkpoint stand side by side, or their intervals would hide each other.
  const step = Math.min(6, (0.7 * gap) / Math.max(1, editors - 1));
  const aside = (index: number) => (index - (editors - 1) / 2) * step;

  let end = -Infinity;
  const columns = checkpoints.map((edits) => {
    const x = xOf(edits);
    const label = edits.toLocaleString("en");
    const half = 3.5 * label.length;
    if (x - half < end + 4) return { x, label: "" };
    end = x + half;
    return { x, label };
  });
  const path = (points: readonly { x: number; y: number }[]) =>
    points.map(({ x, y }, i) => `${i ? "L" : "M"}${x},${y}`).join("");
  const curves = panel.curves.map(({ index, look, points }) => {
    const placed = points.map((row) => {
      const [x, y] = [round(xOf(row.edits) + aside(index)), yOf(row.value)];
      return { row, x, y, ...(row.ci ? { whisker: whiskerPath(x, yOf(row.ci[0]), yOf(row.ci[1])) } : {}) };
    });
    return { look, path: path(placed), points: placed };
  });
  const base = (points: readonly CurvesPayloadRow[]) => {
    const at = points.map(({ edits, base }) => ({ x: xOf(edits), y: yOf(base) }));
    // Over the whole width, so that the base model of a single checkpoint is a line too.
    return path([{ x: left, y: at[0].y }, ...at, { x: width - right, y: at.at(-1)!.y }]);
  };
  return {
    columns,
    lines: [0, 0.25, 0.5, 0.75, 1].map((share) => {
      const value = low + share * (high - low);
      return { y: yOf(value), label: score(value) };
    }),
    bases: [...new Set(panel.curves.map(({ points }) => base(points)))],
    curves,
  };
}

const whiskerPath = (x: number, low: number, high: number): string =>
  `M${x},${low}V${high}M${round(x - 2.5)},${low}h5M${round(x - 2.5)},${high}h5`;

const round = (value: number): number => Math.round(value * 10) / 10;
