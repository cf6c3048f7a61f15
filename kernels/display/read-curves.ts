import { curvePanels } from "./curve-panels.ts";
import type { CurvesPayload } from "./curves.ts";
import { list, object, PayloadError, requireVersion1, string } from "./payload-shape.ts";
import { count, metricsRow } from "./read-metrics.ts";

const shape = object({
  title: string,
  subtitle: string,
  notice: string,
  profile: string,
  rows: list(object({ ...metricsRow, edits: count })),
});

/**
 * Checks the data of curves, which may come from a notebook saved by any version of medke.
 *
 * Throws: PayloadError for a newer version, a missing field, a point without an interval, or no rows at all; IncomparableRowsError for rows
 * that may not share an axis.
 */
export function readCurves(value: unknown): CurvesPayload {
  requireVersion1(value);
  shape(value, "");
  const payload = value as CurvesPayload;
  if (!payload.rows.length)
    throw new PayloadError(
      `Curves "${payload.title}": there are no rows to draw. Evaluate with protocol "sequential", then run the cell again.`,
    );
  curvePanels(payload.rows);
  return payload;
}
