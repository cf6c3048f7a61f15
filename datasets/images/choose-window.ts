import { ImageFault } from "./image-fault.ts";
import {
  type GreyWindow,
  isUsable,
  type MeasuredSource,
  type WindowChoice,
  type WindowFunction,
  type WindowSource,
} from "./window.ts";

/** What windows are measured on. What is not a finite number is left out: padding around the image is given as NaN. */
type Measured = ArrayLike<number>;

export interface FileWindow {
  window?: GreyWindow;
  /** The curve that a chosen window has. Default "linear-exact". */
  function?: WindowFunction;
  /** What takes the place of a window that the file does not state. */
  otherwise: MeasuredSource | ((values: Measured) => MeasuredSource);
}

/**
 * Settles the window: the choice if there is one, otherwise the file's, otherwise one measured on the values.
 *
 * Throws: ImageFault for a chosen window that has no width.
 */
export function chooseWindow(
  choice: WindowChoice = "file",
  { window, function: shape = "linear-exact", otherwise }: FileWindow,
  values: Measured,
): GreyWindow & { source: WindowSource } {
  if (typeof choice === "object") {
    // A linear window below one step is meant in fractions of a unit, as with floating-point values.
    const chosen = { ...choice, function: shape === "linear" && choice.width < 1 ? ("linear-exact" as const) : shape };
    if (isUsable(chosen)) return { ...chosen, source: "chosen" };
    throw new ImageFault(
      `a window of centre ${choice.center} and width ${choice.width} was asked for`,
      "Choose a window whose width is above 0.",
    );
  }
  if (choice === "file" && window) return { ...window, source: "file" };
  if (choice !== "file") return measuredWindow(choice, values);
  return measuredWindow(typeof otherwise === "string" ? otherwise : otherwise(values), values);
}

function measuredWindow(source: MeasuredSource, values: Measured): GreyWindow & { source: WindowSource } {
  const [low, high] = source === "percentile" ? percentiles(values, 0.01, 0.99) : extremes(values);
  if (source !== "depth") return { ...between(low, high), source };
  // Signed data have no black of their own.
  if (low < 0) return { ...between(low, high), source: "min-max" };
  return { ...between(0, 2 ** Math.max(8, Math.ceil(Math.log2(high + 1))) - 1), source };
}

/** The window in which `low` is black and `high` white. Where they are equal, that value is black. */
export function between(low: number, high: number): GreyWindow {
  const width = high > low ? high - low : 1;
  return { center: low + width / 2, width, function: "linear-exact" };
}

/** Smallest and largest finite value; [0, 0] without any. */
export function extremes(values: Measured): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : [0, 0];
}

/** Values that are sorted for percentiles: evenly spaced ones of a larger volume, the same ones at each call. */
const SORTED = 1_000_000;

/** Nearest-rank percentiles of the finite values. */
export function percentiles(values: Measured, low: number, high: number): [number, number] {
  const step = Math.max(1, Math.floor(values.length / SORTED));
  const kept: number[] = [];
  for (let i = 0; i < values.length; i += step) if (Number.isFinite(values[i])) kept.push(values[i]);
  if (kept.length === 0) return [0, 0];
  const sorted = Float64Array.from(kept).sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  return [at(low), at(high)];
}
