import * as aq from "arquero";

export type FlatValue = string | number | boolean | null;
export type FlatRow = Record<string, FlatValue | undefined>;

/** Rows as an arquero table: columns in order of first appearance, a field that a row lacks is null, an empty column is left out. */
export function flatTable(rows: readonly FlatRow[]): aq.ColumnTable {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columns = names.map((name) => [name, rows.map((row) => row[name] ?? null)] as const);
  return aq.table(columns.filter(([, values]) => values.some((value) => value !== null)).map(([n, v]) => [n, [...v]]));
}
