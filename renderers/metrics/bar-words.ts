import { interval, score } from "../../kernels/display/format-number.ts";
import { metricWords } from "../../kernels/display/metric-words.ts";
import type { MetricsPayloadRow } from "../../kernels/display/metrics.ts";

/** What a bar says when pointed at or reached by key, line by line; the same facts as its row in the table. */
export const barWords = (bar: MetricsPayloadRow): [title: string, ...facts: string[]] => [
  `${bar.editor} \u00b7 ${metricWords(bar.metric)}`,
  `value ${score(bar.value)}`,
  `95% interval ${interval(bar.ci)}`,
  `base ${score(bar.base)}`,
  `n ${bar.n}`,
  `profile ${bar.profile}`,
  `group ${bar.comparable_group}`,
];
