import type { ColumnTable } from "arquero";

/** RFC 4180 with a header line; full precision, an empty field for null. */
export const toCsv = (table: ColumnTable): string =>
  `${table.toCSV({ limit: Infinity }).trimEnd().replaceAll("\n", "\r\n")}\r\n`;

/** A list of objects. Infinity, which JSON lacks, is the text "Infinity". */
export const toJson = (table: ColumnTable): string =>
  JSON.stringify(
    table.objects({ limit: Infinity }),
    (_, value) => (value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : value),
    2,
  );
