import type { MetricsPayload } from "./metrics.ts";

const COLUMNS = ["editor", "metric", "profile", "comparable_group", "value", "base", "n", "ci_low", "ci_high"];

/** The rows of a metric plot as CSV (RFC 4180, header first, full precision), one line a bar. */
export function metricsCsv(payload: MetricsPayload): string {
  const lines = payload.rows.map((row) => [
    row.editor,
    row.metric,
    row.profile,
    row.comparable_group,
    row.value,
    row.base,
    row.n,
    ...(row.ci ?? ["", ""]),
  ]);
  return csvLines([COLUMNS, ...lines]);
}

/** Cells as CSV (RFC 4180). */
export const csvLines = (lines: readonly (readonly (string | number)[])[]): string =>
  lines.map((line) => line.map(quoted).join(",")).join("\r\n") + "\r\n";

const quoted = (value: string | number): string => {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
