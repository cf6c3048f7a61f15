// To add a metric: write metrics/<name>.ts, add its name to MetricId in ../result.ts (the compiler then asks for the line below), its
// test under test/kernels/evaluation/metrics/, and its row in the README's feature table. Probes that it averages come from the datasets.
import type { MetricId, ProbeResult } from "../result.ts";
import { fineGrainedGenerality } from "./fine-grained-generality.ts";
import { fineGrainedLocality } from "./fine-grained-locality.ts";
import { imageGenerality } from "./image-generality.ts";
import { imageLocality } from "./image-locality.ts";
import type { Metric } from "./metric.ts";
import { negatedQuestion } from "./negated-question.ts";
import { portability } from "./portability.ts";
import { reliability } from "./reliability.ts";
import { robustness } from "./robustness.ts";
import { specificity } from "./specificity.ts";
import { textGenerality } from "./text-generality.ts";
import { textImageLocality } from "./text-image-locality.ts";
import { textLocality } from "./text-locality.ts";

/** Every metric, in the order in which they are shown. */
export const metrics: Record<MetricId, Metric> = {
  reliability,
  "text-generality": textGenerality,
  "image-generality": imageGenerality,
  "fine-grained-generality": fineGrainedGenerality,
  portability,
  robustness,
  "text-locality": textLocality,
  "image-locality": imageLocality,
  "text-image-locality": textImageLocality,
  "fine-grained-locality": fineGrainedLocality,
  "negated-question": negatedQuestion,
  specificity,
};

/** A metric, or the part of one that a row's name says. Throws nothing for an unknown name: it gives undefined. */
export function metricPart(name: string): { metric: Metric; includes(probe: ProbeResult): boolean } | undefined {
  const [id, part] = name.split(/\/(.*)/s);
  const metric = Object.hasOwn(metrics, id) ? metrics[id as MetricId] : undefined;
  if (!metric || (part !== undefined && !metric.part)) return undefined;
  return {
    metric,
    includes: (probe) => metric.includes(probe) && (part === undefined || metric.part!(probe) === part),
  };
}
