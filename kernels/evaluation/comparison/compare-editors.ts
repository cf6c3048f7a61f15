import { groupBy } from "../../../datasets/group-by.ts";
import { requireKnown } from "../../nearest-name.ts";
import type { Evaluation, ResultRow } from "../result.ts";
import type { Clustering } from "../statistics/cluster-of.ts";
import { holm } from "../statistics/holm.ts";
import type { ResampleOptions } from "../statistics/resampled-means.ts";
import { partialWords } from "../tables/notices.ts";
import { comparePairs, type PairStatistics } from "./compare-pairs.ts";
import { ComparisonError, requireOneGroup } from "./comparison-error.ts";
import { evaluationLabels } from "./evaluation-labels.ts";
import { joinCases, pairValues } from "./pair-values.ts";

/** Two editors on the same probes of one metric and profile. */
export interface ComparisonRow extends PairStatistics {
  a: string;
  b: string;
  metric: ResultRow["metric"];
  profile: ResultRow["profile"];
  comparable_group: string;
  edits?: number;
  /** `p` after Holm over all pairs of editors of this metric and profile. */
  p_holm: number;
  /** Cases that only one of the two holds, and probes of common cases that could not be paired. */
  only_a: number;
  only_b: number;
  left_out: number;
}

export interface EditorComparison {
  rows: ComparisonRow[];
  /** What a reader must know: cases that only one editor has, and settings other than the editor that differ. */
  notes: string[];
}

export interface CompareOptions extends ResampleOptions {
  /** What makes cases depend on each other. Default "record": their image, or their question. */
  clustering?: Clustering;
  /** Compare every other editor with this one only; Holm then counts those pairs alone. Default: all pairs. */
  baseline?: string;
}

/** Enough for the ends of a BCa interval (Efron and Tibshirani 1993, section 14.3 use 2,000); many pairs of editors add up. */
const COMPARISON_RESAMPLES = 2_000;

/**
 * Compares editors that were evaluated on the same cases, probe by probe, for every metric and profile that both documents hold.
 *
 * Throws: ComparisonError for fewer than two documents, one without cases, or no case in common; IncomparableGroupsError for numbers
 * scored in different ways; UnknownNameError for a baseline that is none of the editors.
 */
export function compareEditors(
  evaluations: readonly Evaluation[],
  { clustering = "record", baseline, resamples = COMPARISON_RESAMPLES, seed }: CompareOptions = {},
): EditorComparison {
  const labels = evaluationLabels(evaluations);
  requireComparable(evaluations, labels);
  const rows: ComparisonRow[] = [];
  const notes = [...differences(evaluations), ...stopped(evaluations, labels)];
  for (const [i, j] of pairsOf(labels, baseline)) {
    const [a, b] = [evaluations[i], evaluations[j]];
    const joined = joinCases(a, b);
    const between = `${labels[i]} and ${labels[j]}`;
    if (!joined.both.length)
      throw new ComparisonError(
        `${between}: no case in common (${a.cases.length} and ${b.cases.length} cases). Evaluate both with the same benchmark, limit and seed.`,
      );
    if (joined.onlyA || joined.onlyB)
      notes.push(
        `${between}: ${joined.both.length} cases in common; ${joined.onlyA} only in ${labels[i]} and ${joined.onlyB} only in ${labels[j]} were left out.`,
      );
    const common = commonRows(a, b);
    if (!common.length) notes.push(`${between}: no metric in common, ${profilesOf(a)} against ${profilesOf(b)}. Evaluate both with the same profiles.`); // prettier-ignore
    for (const row of common) {
      const { pairs, leftOut } = pairValues(joined, row, clustering);
      if (!pairs.length) continue;
      const { metric, profile, comparable_group, edits } = row;
      rows.push({
        a: labels[i],
        b: labels[j],
        metric,
        profile,
        comparable_group,
        ...(edits === undefined ? {} : { edits }),
        ...comparePairs(pairs, { resamples, seed }),
        p_holm: 1,
        only_a: joined.onlyA,
        only_b: joined.onlyB,
        left_out: leftOut,
      });
    }
  }
  for (const family of groupBy(rows, rowKey).values())
    holm(family.map(({ p }) => p)).forEach((p, i) => (family[i].p_holm = p));
  const inOrder = [...groupBy(rows, rowKey).values()].flat();
  return { rows: inOrder, notes };
}

/** Documents that hold a part of what was planned. */
const stopped = (evaluations: readonly Evaluation[], labels: readonly string[]): string[] =>
  evaluations.flatMap(({ partial }, i) => (partial ? [`${labels[i]}: stopped after ${partialWords(partial)}.`] : []));

const profilesOf = ({ rows }: Evaluation) => [...new Set(rows.map(({ profile }) => profile))].join(", ") || "none";

/** Rows that both hold, each a metric, profile and number of edits. Throws: IncomparableGroupsError. */
function commonRows(a: Evaluation, b: Evaluation): ResultRow[] {
  const ofB = new Map(b.rows.map((row) => [rowKey(row), row]));
  return a.rows.filter((row) => {
    const other = ofB.get(rowKey(row));
    if (other)
      requireOneGroup([
        { ...row, editor: a.editor },
        { ...other, editor: b.editor },
      ]);
    return other !== undefined;
  });
}

/** Indices of the editors to compare; with a baseline every other one against it. */
export function pairsOf(labels: readonly string[], baseline?: string): [number, number][] {
  if (baseline !== undefined) {
    const against = labels.indexOf(requireKnown("baseline", baseline, labels));
    return labels.flatMap((_, i) => (i === against ? [] : [[i, against] as [number, number]]));
  }
  return labels.flatMap((_, i) => labels.slice(i + 1).map((_, k) => [i, i + 1 + k] as [number, number]));
}

const rowKey = ({ metric, profile, edits }: Pick<ResultRow, "metric" | "profile" | "edits">) =>
  `${metric}\n${profile}\n${edits ?? ""}`;

function requireComparable(evaluations: readonly Evaluation[], labels: readonly string[]): void {
  if (evaluations.length < 2)
    throw new ComparisonError(
      `compare: ${evaluations.length} result document is not enough. Pass at least two, one for each editor, made from the same cases.`,
    );
  const empty = evaluations.findIndex(({ cases }) => cases.length === 0);
  if (empty >= 0)
    throw new ComparisonError(
      `${labels[empty]}: the document holds no cases, so nothing can be paired. Evaluate again and keep the cases.`,
    );
}

/** What differs besides the editor, in words. */
function differences(evaluations: readonly Evaluation[]): string[] {
  return (["model", "benchmark", "protocol", "seed"] as const).flatMap((key) => {
    const values = [...new Set(evaluations.map((each) => String(each[key])))];
    return values.length > 1
      ? [`The ${key} differs too (${values.join(", ")}): a difference is not the editor's alone.`]
      : [];
  });
}
