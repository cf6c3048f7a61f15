import type { Evaluation } from "../evaluation/result.ts";
import { noticesOf, partialNotes } from "../evaluation/tables/notices.ts";
import type { MetricsPayload } from "./metrics.ts";
import { metricsBundle } from "./metrics-bundle.ts";
import type { ReportedPoint } from "./reported-point.ts";
import { type Displayable, MIME_BUNDLE } from "./mime.ts";

/**
 * A plot of evaluations, editors side by side. Show it with `display(...)` or as a cell's last value.
 *
 * Throws (when shown): IncomparableRowsError for rows that may not share an axis.
 */
export function metricsPlot(
  evaluations: Evaluation | readonly Evaluation[],
  { title, reported, parts }: MetricsPlotOptions = {},
): Displayable {
  const list: readonly Evaluation[] = "rows" in evaluations ? [evaluations] : evaluations;
  return { [MIME_BUNDLE]: () => metricsBundle(metricsPayload(list, title, reported, parts)) };
}

export interface MetricsPlotOptions {
  title?: string;
  /** Published figures to lay under the plot, for example `reportedPoints("fgvedit-mscke")`. */
  reported?: readonly ReportedPoint[];
  /** Whether parts of a metric, such as portability with one hop, have bars of their own. Default false: `formatResults` and `resultsTable` list them. */
  parts?: boolean;
}

/** The plot's data: one row a metric, profile and editor. */
export function metricsPayload(
  evaluations: readonly Evaluation[],
  title = "What the edits changed",
  reported: readonly ReportedPoint[] = [],
  parts = false,
): MetricsPayload {
  const each = <K extends "model" | "benchmark" | "protocol">(key: K) =>
    [...new Set(evaluations.map((e) => e[key]))].join(", ");
  const seeds = [...new Set(evaluations.map((e) => e.seed))].join(", ");
  const devices = [...new Set(evaluations.map((e) => e.device.device))].join(", ");
  return {
    version: 1,
    title,
    subtitle: `${each("model")} on ${each("benchmark")}, ${each("protocol")} edits, seed ${seeds}, ${devices}`,
    notice: [...partialNotes(evaluations), ...noticesOf(evaluations)].join(" "),
    rows: evaluations.flatMap(({ editor, rows }) =>
      rows.filter(({ metric }) => parts || !metric.includes("/")).map((row) => ({ editor, ...row })),
    ),
    ...(reported.length ? { reported: [...reported] } : {}),
  };
}
