import { requireKnown } from "../../nearest-name.ts";
import { groupBy } from "../../../datasets/group-by.ts";
import { requireOneGroup } from "../comparison/comparison-error.ts";
import { evaluationLabels } from "../comparison/evaluation-labels.ts";
import type { Evaluation, ResultRow } from "../result.ts";
import { better } from "./better.ts";
import { pairKey, sameSetting, significantPairs } from "./daggers.ts";
import { noticesOf, PARTIAL_MARK, partialNotes, warningsOf } from "./notices.ts";

/** A table for print: editors down, metrics of each scoring profile across. Every column holds one comparable group. */
export interface WideTable {
  model: string;
  benchmark: string;
  protocol: string;
  seeds: number[];
  columns: WideColumn[];
  rows: WideRow[];
  /** Whom daggers refer to: an editor's label, or "the best one" of each column. */
  against: string;
  /** What stands below: the label of edited answers, who was stopped early, and what else a reader must know. */
  notices: string[];
  notes: string[];
}

export interface WideColumn {
  profile: string;
  metric: string;
  edits?: number;
  comparable_group: string;
  /** Value of the unedited model, and numbers of probes; several where the editors differ. */
  base: number[];
  n: number[];
}

export interface WideRow {
  /** The editor, with "‡" where its evaluation was stopped early. */
  label: string;
  /** In the order of the columns; undefined where this editor has no such number. */
  cells: (WideCell | undefined)[];
}

export interface WideCell {
  value: number;
  ci: [number, number] | null;
  /** The best value of its column, where at least two editors have one and they differ. */
  best: boolean;
  /** Differs significantly from the baseline, or from the best of its column. */
  dagger: boolean;
}

/**
 * A table for each model, benchmark and protocol; columns by profile, then metric.
 *
 * Throws: IncomparableGroupsError where a column would mix groups; UnknownNameError for a baseline that is none of the editors.
 */
export function wideTables(evaluations: readonly Evaluation[], { baseline }: { baseline?: string } = {}): WideTable[] {
  return sameSetting(evaluations).map((own) => {
    const labels = evaluationLabels(own);
    const against = baseline === undefined ? undefined : labels.indexOf(requireKnown("baseline", baseline, labels));
    const entries = own.flatMap(({ rows, editor }, index) => rows.map((row) => ({ row, editor, index })));
    const byProfile = [...groupBy(entries, ({ row }) => row.profile).values()].flat();
    const columns = [...groupBy(byProfile, ({ row }) => columnKey(row)).values()];
    const drawn = columns.map((column) => drawColumn(column, own, against));
    const { model, benchmark, protocol } = own[0];
    return {
      model,
      benchmark,
      protocol,
      seeds: unique(own.map(({ seed }) => seed)),
      columns: drawn.map(({ head }) => head),
      rows: labels.map((label, i) => ({
        label: own[i].partial ? `${label} ${PARTIAL_MARK}` : label,
        cells: drawn.map(({ cells }) => cells[i]),
      })),
      against: baseline ?? "the best one",
      notices: noticesOf(own),
      notes: [...partialNotes(own), ...warningsOf(own)],
    };
  });
}

function drawColumn(
  column: { row: ResultRow; editor: string; index: number }[],
  evaluations: readonly Evaluation[],
  against: number | undefined,
): { head: WideColumn; cells: (WideCell | undefined)[] } {
  const [{ row: first }] = column;
  requireOneGroup(column.map(({ row, editor }) => ({ ...row, editor })));
  const direction = better(first.comparable_group);
  const values = column.map(({ row }) => row.value);
  const bestValue = direction === "lower" ? Math.min(...values) : Math.max(...values);
  const equal = (value: number) => Math.abs(value - bestValue) < 1e-12;
  const isBest = (value: number) => direction !== undefined && !values.every(equal) && equal(value);
  const reference = against ?? (direction && column.find(({ row }) => isBest(row.value))?.index);
  const differs = reference === undefined ? new Set<string>() : significantPairs(evaluations, first, against);
  const cells = evaluations.map((_, index): WideCell | undefined => {
    const own = column.find((each) => each.index === index);
    if (!own) return undefined;
    const { value, ci } = own.row;
    const dagger = reference !== undefined && index !== reference && differs.has(pairKey(index, reference));
    return { value, ci, best: isBest(value), dagger };
  });
  const { profile, metric, comparable_group, edits } = first;
  const head = {
    profile,
    metric,
    comparable_group,
    ...(edits === undefined ? {} : { edits }),
    base: unique(column.map(({ row }) => row.base)),
    n: unique(column.map(({ row }) => row.n)),
  };
  return { head, cells };
}

const columnKey = ({ profile, metric, edits }: ResultRow) => `${profile}\n${metric}\n${edits ?? ""}`;
const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** How a table for print lies. */
export interface PrintOptions {
  /** Metrics down and editors across, which is narrower. Default: editors down. */
  transpose?: boolean;
  /** Markdown with padded cells, for whoever reads the source. Default false. */
  aligned?: boolean;
}

/** Words that every printed form of the table needs. */
export const captionOf = ({ model, benchmark, protocol, seeds }: WideTable): string =>
  `${model} on ${benchmark}, ${protocol} edits, seed ${seeds.join(", ")}`;

export const headOf = ({ metric, edits }: WideColumn): string => (edits === undefined ? metric : `${metric} @${edits}`);

export const number = (value: number): string => value.toFixed(3);

/** One number where the editors agree, otherwise all, in the order of the rows. */
export const agreed = (values: readonly number[], text: (value: number) => string): string =>
  values.map(text).join(" / ");

export const legendOf = ({ against, rows }: WideTable): string => {
  const cells = rows.flatMap((row) => row.cells);
  return [
    "Mean [95% interval].",
    ...(cells.some((cell) => cell?.ci === null) ? ["Without an interval: too few values to say how they vary."] : []),
    ...(cells.some((cell) => cell?.best) ? ["Bold: best of the editors."] : []),
    ...(rows.length > 1
      ? [`†: differs from ${against} (p < 0.05 after Holm; exact McNemar, or Wilcoxon signed-rank).`]
      : []),
  ].join(" ");
};
