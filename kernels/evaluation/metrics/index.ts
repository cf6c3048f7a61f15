// To add a metric: write metrics/<name>.ts, add its name to MetricName in ../result.ts (the compiler then asks for the line below), its
// test under test/kernels/evaluation/metrics/, and its row in the README's feature table. Probes that it averages come from the datasets.
import type { MetricName } from "../result.ts";
import { imageLocality } from "./image-locality.ts";
import type { Metric } from "./metric.ts";
import { reliability } from "./reliability.ts";
import { textGenerality } from "./text-generality.ts";
import { textImageLocality } from "./text-image-locality.ts";

/** Every metric, in the order in which they are shown. */
export const metrics: Record<MetricName, Metric> = {
  reliability,
  "text-generality": textGenerality,
  "image-locality": imageLocality,
  "text-image-locality": textImageLocality,
};
