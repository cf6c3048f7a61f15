import { metricsSvg } from "./metrics-svg.ts";
import { metricsText } from "./metrics-text.ts";
import { METRICS_MIME, type MetricsPayload } from "./metrics.ts";
import type { MimeBundle } from "./mime.ts";
import { rasterise } from "./rasterise.ts";
import { readMetrics } from "./read-metrics.ts";

/**
 * A metric plot in every form a notebook can show: the data for the interactive plot, SVG, PNG (2x) and an aligned table.
 *
 * Throws: PayloadError for rows without intervals or no rows; IncomparableRowsError for rows that may not share an axis.
 */
export async function metricsBundle(payload: MetricsPayload): Promise<MimeBundle> {
  const checked = readMetrics(payload);
  const svg = await metricsSvg(checked);
  return {
    [METRICS_MIME]: checked,
    "image/svg+xml": svg,
    "image/png": await rasterise(svg),
    "text/plain": metricsText(checked),
  };
}
