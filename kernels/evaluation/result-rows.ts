import { metrics } from "./metrics/index.ts";
import type { Metric } from "./metrics/metric.ts";
import { profiles } from "./profiles.ts";
import type { CaseResult, ProfileName, ResultRow } from "./result.ts";
import { bootstrapMean } from "./statistics/bootstrap.ts";

/**
 * The result rows of some cases: every metric in every profile, with base value, n and interval.
 *
 * A metric that no probe belongs to has no row: a number of nothing would be read as a number. `seed` drives the intervals.
 */
export function resultRows(cases: readonly CaseResult[], seed = 0): ResultRow[] {
  return Object.values(metrics).flatMap((metric) => {
    const clusters = cases.map(({ probes }) => probes.filter((probe) => metric.includes(probe)));
    const any = clusters.some((cluster) => cluster.length > 0);
    return any ? (Object.keys(profiles) as ProfileName[]).map((profile) => row(metric, profile, clusters, seed)) : [];
  });
}

function row(metric: Metric, profile: ProfileName, clusters: CaseResult["probes"][], seed: number): ResultRow {
  const after = clusters.map((cluster) => cluster.map(profiles[profile].after));
  const before = clusters.map((cluster) => cluster.map(profiles[profile].before));
  return {
    metric: metric.name,
    profile,
    comparable_group: metric.groups[profile],
    value: mean(after.flat()),
    base: mean(before.flat()),
    n: after.flat().length,
    ci: bootstrapMean(after, { seed }),
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
