import type { MetricsPayload } from "./metrics.ts";
import {
  finite,
  list,
  object,
  oneOf,
  optional,
  PayloadError,
  refuse,
  requireVersion1,
  string,
  type Shape,
} from "./payload-shape.ts";

/** A whole number of at least 1. */
export const count: Shape = (value, path) => {
  if (!Number.isInteger(value) || (value as number) < 1) refuse(path, "a count of at least 1", value);
};

// A bar whose interval was left out looks more certain than it is, so it is refused instead of drawn; null says that there is none.
const interval: Shape = (value, path) => {
  if (value === null) return;
  const ok = Array.isArray(value) && value.length === 2 && value.every((end) => Number.isFinite(end));
  if (!ok || value[0] > value[1]) refuse(path, "a 95% interval [low, high], or null", value);
};

/** Fields of a bar, and of a point of a curve. */
export const metricsRow = {
  editor: string,
  metric: string,
  profile: string,
  comparable_group: string,
  value: finite,
  base: finite,
  n: count,
  ci: interval,
} satisfies Record<string, Shape>;

const shape = object({
  title: string,
  subtitle: string,
  notice: string,
  rows: list(object(metricsRow)),
  reported: optional(
    list(
      object({
        label: string,
        metric: string,
        text: string,
        mark: oneOf("reported", "derived", "unconfirmed"),
        source: string,
        conditions: string,
        note: optional(string),
        value: optional(finite),
        profile: optional(string),
        comparable_group: optional(string),
      }),
    ),
  ),
});

/**
 * Checks a metric plot's data, which may come from a notebook saved by any version of medke.
 *
 * Throws: PayloadError for a newer version, a missing field, a bar without an interval, or no rows at all.
 */
export function readMetrics(value: unknown): MetricsPayload {
  requireVersion1(value);
  shape(value, "");
  const payload = value as MetricsPayload;
  if (!payload.rows.length)
    throw new PayloadError(
      `Metric plot "${payload.title}": there are no rows to draw. Evaluate at least one case, then run the cell again.`,
    );
  return payload;
}
