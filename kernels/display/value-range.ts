import type { MetricsPayloadRow } from "./metrics.ts";

/** The value axis of a panel. Fractions always get 0 to 1, so that plots can be compared by eye; other units get what they need. */
export function valueRange(bars: readonly MetricsPayloadRow[]): [number, number] {
  const all = bars.flatMap((bar) => [bar.value, bar.base, ...bar.ci]);
  if (all.every((value) => value >= 0 && value <= 1)) return [0, 1];
  const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
  const air = 0.05 * (high - low);
  return [low < 0 ? low - air : 0, high > 0 ? high + air : 0];
}

/** Where a bar's number stands: above its interval, and above the base value's line where the two would cross. */
export function labelHeight(bar: MetricsPayloadRow, [low, high]: readonly [number, number]): number {
  const top = Math.max(bar.value, bar.ci[1]);
  const glyph = 0.09 * (high - low);
  return bar.base >= top - 0.2 * glyph && bar.base <= top + glyph * 1.2 ? Math.max(top, bar.base) : top;
}
