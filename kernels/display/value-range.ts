import type { MetricsPayloadRow } from "./metrics.ts";

/** The value axis of a panel. Fractions always get 0 to 1, so that plots can be compared by eye; other units get what they need. */
export function valueRange(
  bars: readonly MetricsPayloadRow[],
  reported: readonly { value: number }[] = [],
): [number, number] {
  const all = [
    ...bars.flatMap((bar) => [bar.value, bar.base, ...(bar.ci ?? [])]),
    ...reported.map(({ value }) => value),
  ];
  if (all.every((value) => value >= 0 && value <= 1)) return [0, 1];
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const air = 0.05 * (high - low);
  return [low < 0 ? low - air : 0, high > 0 ? high + air : 0];
}

/** Where a bar's number stands: beyond its interval, seen from zero, and beyond the base value's line where the two would cross. */
export function labelPlace(
  bar: MetricsPayloadRow,
  [low, high]: readonly [number, number],
): { y: number; above: boolean } {
  const above = bar.value >= 0;
  const side = above ? 1 : -1;
  const [low95, high95] = bar.ci ?? [bar.value, bar.value];
  const end = side * (above ? Math.max(bar.value, high95) : Math.min(bar.value, low95));
  const base = side * bar.base;
  const glyph = 0.09 * (high - low);
  const crosses = base >= end - 0.2 * glyph && base <= end + 1.2 * glyph;
  return { y: side * (crosses ? Math.max(end, base) : end), above };
}
