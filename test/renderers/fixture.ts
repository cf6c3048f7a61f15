import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfusionPayload } from "../../kernels/display/confusion.ts";
import type { CurvesPayload } from "../../kernels/display/curves.ts";
import type { EditDiffPayload } from "../../kernels/display/edit-diff.ts";
import type { MetricsPayload } from "../../kernels/display/metrics.ts";

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, "fixtures", `${name}.json`), "utf8"));

/** Fresh copies of the sample payloads; everything in them is invented. */
export const metricsFixture = (): MetricsPayload => read("metrics");
export const confusionFixture = (): ConfusionPayload => read("confusion");
export const curvesFixture = (): CurvesPayload => read("curves");
export const editDiffFixture = (): EditDiffPayload => read("edit-diff");
