import * as aq from "arquero";
import { groupBy } from "../../datasets/group-by.ts";
import { requireOneGroup } from "./comparison/comparison-error.ts";
import { noticesOf, partialNotes, partialWords, warningsOf } from "./tables/notices.ts";
import { resultRecords } from "./tables/result-records.ts";
import type { Evaluation, ResultRow } from "./result.ts";

/**
 * Results of several evaluations as one table, a row for each editor, metric and profile: ordered by metric and profile, editors in the
 * order given, so that numbers that may be compared stand together.
 *
 * Columns: model, benchmark, protocol, editor, metric, profile, comparable_group, edits (of checkpoints, else null), value, base, n, lo,
 * hi, seed.
 */
export function resultsTable(evaluations: readonly Evaluation[]): aq.ColumnTable {
  const columns = resultRecords(evaluations).map((record) => COLUMNS.map((name) => [name, record[name] ?? null]));
  return aq.from(columns.map((column) => Object.fromEntries(column)));
}

const COLUMNS = [
  ...["model", "benchmark", "protocol", "editor", "metric", "profile", "comparable_group"],
  ...["edits", "value", "base", "n", "lo", "hi", "seed"],
];

/**
 * The same table as text for a terminal, with one line on what was run and the counterfactual notice.
 *
 * It does not show comparable groups, so what stands under one name must be of one. Throws: IncomparableGroupsError.
 */
export function formatResults(evaluations: readonly Evaluation[]): string {
  if (evaluations.length === 0) return "No results.";
  const table = resultsTable(evaluations);
  const name = ({ metric, profile, protocol, edits }: Named) => `${metric} ${profile} ${protocol} ${edits}`;
  for (const rows of groupBy(table.objects() as Named[], name).values()) requireOneGroup(rows);
  // Model, benchmark and seed are columns only where they differ; otherwise the first line says them once.
  const varying = ["model", "benchmark", "protocol", "seed", "edits"].filter(
    (name) => new Set(table.array(name)).size > 1,
  );
  const places = varying.filter((name) => name !== "edits");
  const edits = varying.filter((name) => name === "edits");
  const shown = [...places, "editor", ...edits, "metric", "profile", "value", "base", "n", "95% interval"];
  const lines = (table.objects() as Record<string, string | number | null>[]).map((row) =>
    shown.map((name) => cell(row, name)),
  );
  const notes = [...(evaluations.length > 1 ? partialNotes(evaluations) : []), ...warningsOf(evaluations)];
  const below = [...notes, ...noticesOf(evaluations)];
  return [headline(evaluations, varying), "", ...align([shown, ...lines]), "", ...below].join("\n");
}

type Named = Pick<ResultRow, "metric" | "profile" | "comparable_group" | "edits"> & {
  protocol: string;
  editor: string;
};

function headline(evaluations: readonly Evaluation[], varying: string[]): string {
  const [first] = evaluations;
  const { partial } = first;
  const parts = [
    varying.includes("model") ? "several models" : first.model,
    varying.includes("benchmark") ? "several benchmarks" : first.benchmark,
    varying.includes("protocol") ? "several protocols" : `${first.protocol} edits`,
    varying.includes("seed") ? "several seeds" : `seed ${first.seed}`,
    first.device.device,
    ...(partial && evaluations.length === 1 ? [`stopped after ${partialWords(partial)}`] : []),
  ];
  return parts.join(" · ");
}

const fixed = (value: number) => value.toFixed(3);

function cell(row: Record<string, string | number | null>, name: string): string {
  if (name === "95% interval")
    return row.lo === null ? "-" : `${fixed(row.lo as number)} to ${fixed(row.hi as number)}`;
  return name === "value" || name === "base" ? fixed(row[name] as number) : String(row[name]);
}

/** Columns of equal width, numbers to the right, a rule under the head. */
function align(rows: string[][]): string[] {
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  const numeric = rows[0].map((_, i) => rows.slice(1).every((row) => /^-?[\d.]+$/.test(row[i])));
  const line = (row: string[]) =>
    row
      .map((text, i) => (numeric[i] ? text.padStart(widths[i]) : text.padEnd(widths[i])))
      .join("  ")
      .trimEnd();
  return [line(rows[0]), widths.map((width) => "─".repeat(width)).join("  "), ...rows.slice(1).map(line)];
}
