/** A table as pandas writes it: a first column with row numbers and no name, lists in the notation of Python. */
export function pandasCsv(rows: readonly Record<string, unknown>[]): string {
  const names = Object.keys(rows[0] ?? {});
  const lines = rows.map((row, i) => [String(i), ...names.map((name) => quoted(text(row[name])))]);
  return [["", ...names], ...lines].map((cells) => `${cells.join(",")}\n`).join("");
}

const text = (value: unknown): string =>
  Array.isArray(value) ? `[${value.map((item) => `'${String(item)}'`).join(", ")}]` : String(value);

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
