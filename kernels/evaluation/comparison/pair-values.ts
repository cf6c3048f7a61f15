import { metricPart } from "../metrics/index.ts";
import type { Metric } from "../metrics/metric.ts";
import { stored } from "../profiles/profile.ts";
import type { CaseResult, Evaluation, ProbeResult, ResultRow } from "../result.ts";
import { type Clustering, clusterOf } from "../statistics/cluster-of.ts";

/** One probe as both editors left it, in the units of its profile. */
export interface ValuePair {
  cluster: string;
  a: number;
  b: number;
}

export interface JoinedCases {
  /** Cases that both evaluations hold. */
  both: { a: CaseResult; b: CaseResult }[];
  onlyA: number;
  onlyB: number;
}

/** Joins two evaluations by case id (and by how many cases were edited, where a protocol tests a case more than once). */
export function joinCases(a: Pick<Evaluation, "cases">, b: Pick<Evaluation, "cases">): JoinedCases {
  const keyOf = (each: CaseResult) => `${each.id}\n${each.edits ?? ""}`;
  const ofB = keyed(b.cases, keyOf);
  const ofA = keyed(a.cases, keyOf);
  const both = [...ofA].flatMap(([key, own]) => (ofB.has(key) ? [{ a: own, b: ofB.get(key)! }] : []));
  return { both, onlyA: ofA.size - both.length, onlyB: ofB.size - both.length };
}

/**
 * The values of one metric and profile on every probe that both editors were asked, and how many probes only one of them was.
 *
 * Probes of a case are joined by kind, name, image and question. A probe whose value is not a finite number in either counts as left out.
 */
export function pairValues(
  joined: JoinedCases,
  row: Pick<ResultRow, "metric" | "profile" | "edits">,
  clustering: Clustering,
): { pairs: ValuePair[]; leftOut: number } {
  const pairs: ValuePair[] = [];
  let leftOut = 0;
  for (const { a, b } of joined.both) {
    if (row.edits !== undefined && a.edits !== row.edits) continue;
    const { includes, metric } = metricPart(row.metric)!;
    const [ofA, ofB] = [a, b].map(({ probes }) => keyed(probes.filter(includes), probeKey));
    const cluster = clusterOf(a, clustering);
    if (metric.perCase) {
      const [ofCaseA, ofCaseB] = [ofA, ofB].map((probes) => caseValue(metric, [...probes.values()], row));
      if (ofCaseA !== undefined && ofCaseB !== undefined) pairs.push({ cluster, a: ofCaseA, b: ofCaseB });
      else leftOut += Number(ofCaseA !== undefined || ofCaseB !== undefined);
      continue;
    }
    for (const [key, probe] of ofA) {
      const other = ofB.get(key);
      const pair = other && { cluster, a: valueOf(probe, row), b: valueOf(other, row) };
      if (pair && Number.isFinite(pair.a) && Number.isFinite(pair.b)) pairs.push(pair);
      else leftOut++;
    }
    leftOut += [...ofB.keys()].filter((key) => !ofA.has(key)).length;
  }
  return { pairs, leftOut };
}

const valueOf = (probe: ProbeResult, { profile }: Pick<ResultRow, "profile">): number =>
  stored(profile, probe)?.after ?? NaN;

/** The value of a metric whose unit is the case; undefined where a probe that it needs is missing. */
function caseValue(
  metric: Metric,
  probes: readonly ProbeResult[],
  row: Pick<ResultRow, "profile">,
): number | undefined {
  const scored = probes
    .map((probe) => ({ probe, value: valueOf(probe, row) }))
    .filter(({ value }) => Number.isFinite(value));
  return metric.perCase!(scored);
}

const probeKey = ({ kind, name = "", image = "", question }: ProbeResult) => [kind, name, image, question].join("\n");

/** Items by key; a key that repeats gets its number, so that the second occurrence meets the second. */
function keyed<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T> {
  const seen = new Map<string, number>();
  return new Map(
    items.map((item) => {
      const key = keyOf(item);
      const times = (seen.get(key) ?? 0) + 1;
      seen.set(key, times);
      return [`${key}\n${times}`, item];
    }),
  );
}
