import type { ConfusionPlotMetric, ConfusionSeries } from "../../kernels/display/confusion.ts";
import { CONFUSION_PANELS } from "../../kernels/display/confusion-text.ts";
import { interval, score } from "../../kernels/display/format-number.ts";

/** What a bar says when pointed at or reached by key; the same facts as its row in the table. */
export function scoreWords({ label, scores }: ConfusionSeries, metric: ConfusionPlotMetric): string {
  const found = scores[metric];
  const said = found
    ? [`value ${score(found.value)}`, `95% interval ${interval(found.ci)}`, `of ${found.n}`]
    : ["a share of nothing"];
  return [`${label} \u00b7 ${CONFUSION_PANELS[metric]}`, ...said].join(", ");
}
