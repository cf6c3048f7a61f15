// To add a format: write tables/to-<name>.ts and add its line to `exportTable`; TableFormat and the commands' help follow from it.
import type { PublishedTable } from "../../../datasets/published/index.ts";
import type { EditorComparison } from "../comparison/compare-editors.ts";
import type { Evaluation } from "../result.ts";
import { flatTable, type FlatRow } from "./flat-table.ts";
import { publishedRecords } from "./published-records.ts";
import { resultRecords } from "./result-records.ts";
import { type RowSelection, selectedRows } from "./selected-rows.ts";
import { toCsv, toJson } from "./serialise.ts";
import { toLatex } from "./to-latex.ts";
import { toMarkdown } from "./to-markdown.ts";
import { toParquet } from "./to-parquet.ts";
import { type PrintOptions, wideTables } from "./wide-table.ts";

export const TABLE_FORMATS = ["csv", "parquet", "json", "md", "latex"] as const;
export type TableFormat = (typeof TABLE_FORMATS)[number];

export interface TableOptions extends RowSelection, PrintOptions {
  /** Published tables to lay beside the results; they keep their own units and never share a column with measured numbers in print. */
  published?: readonly PublishedTable[];
  /** Editor that daggers refer to in print. Default: the best of each column. */
  baseline?: string;
}

/**
 * Results in one of the export formats: every number for csv, parquet and json (a row each), tables for print for md and latex.
 *
 * Throws: IncomparableGroupsError where print would mix comparable groups in a column; UnknownNameError for the baseline, and for a metric or profile that no result has.
 */
export async function exportTable(
  evaluations: readonly Evaluation[],
  format: TableFormat,
  { published = [], baseline, metrics, profiles, transpose, aligned }: TableOptions = {},
): Promise<string | Uint8Array> {
  const shown = selectedRows(evaluations, { metrics, profiles });
  switch (format) {
    case "md":
      return toMarkdown(wideTables(shown, { baseline }), published, { transpose, aligned });
    case "latex":
      return toLatex(wideTables(shown, { baseline }), published, { transpose });
    default:
      return exportRows([...resultRecords(shown), ...publishedRecords(published)], format);
  }
}

/** Comparisons, a row each. */
export const exportComparison = (
  { rows }: EditorComparison,
  format: Exclude<TableFormat, "md" | "latex">,
): Promise<string | Uint8Array> =>
  exportRows(
    rows.map((row) => ({ ...row })),
    format,
  );

async function exportRows(
  rows: readonly FlatRow[],
  format: Exclude<TableFormat, "md" | "latex">,
): Promise<string | Uint8Array> {
  const table = flatTable(rows);
  switch (format) {
    case "csv":
      return toCsv(table);
    case "json":
      return toJson(table);
    case "parquet":
      return toParquet(table);
    default:
      format satisfies never;
      throw new Error(`internal: unhandled table format ${String(format)}`);
  }
}
