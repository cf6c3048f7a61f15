/** Shapes of the curve from values to grey levels, as DICOM PS3.3 C.11.2.1.2 and C.11.2.1.3 define them. */
export type WindowFunction = "linear" | "linear-exact" | "sigmoid";

/**
 * Where a window came from: the file; the caller; the smallest and largest value; the 1st and 99th percentile; or the bits that the
 * values use (12-bit detectors store 0..4095 in 16 bits: their black is 0, their white 4095).
 */
export type WindowSource = "file" | "chosen" | "min-max" | "percentile" | "depth";

/** Sources that look at the values. */
export type MeasuredSource = "min-max" | "percentile" | "depth";

/** Values around `center` spread over `width` become grey levels; below is black, above is white. In the units of the file (HU for CT). */
export interface GreyWindow {
  center: number;
  width: number;
  function: WindowFunction;
}

/** The choice that was made; `entries` where the file gives a table instead of a window. */
export type WindowRecord = ({ source: WindowSource } & GreyWindow) | { source: "file"; table: { entries: number } };

export type WindowChoice = "file" | MeasuredSource | { center: number; width: number };

/** The grey level, 0 to 255, of a value. What is not a number is black. */
export function greyLevel({ center, width, function: shape }: GreyWindow): (value: number) => number {
  if (shape === "sigmoid") return (value) => rounded(1 / (1 + Math.exp((-4 * (value - center)) / width)));
  // "linear" counts whole steps: its width of 256 around 128 maps 0..255 to itself.
  const [middle, span] = shape === "linear" ? [center - 0.5, width - 1] : [center, width];
  // A width of one step is a threshold, and the division by zero is not.
  if (span === 0) return (value) => (value > middle ? 255 : 0);
  return (value) => rounded((value - middle) / span + 0.5);
}

const rounded = (share: number) => (share >= 1 ? 255 : share > 0 ? Math.round(share * 255) : 0);

/** Whether a window can be used: widths below 1 (linear) or of 0 have no meaning (PS3.3 C.11.2.1.2). */
export const isUsable = ({ center, width, function: shape }: GreyWindow): boolean =>
  Number.isFinite(center) && Number.isFinite(width) && (shape === "linear" ? width >= 1 : width > 0);
