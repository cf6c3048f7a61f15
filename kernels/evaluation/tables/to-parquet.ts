import type { ColumnTable } from "arquero";
import type { ColumnSource } from "hyparquet-writer";

/** The bytes of a Parquet file (snappy): numbers as DOUBLE, truth values as BOOLEAN, all else as UTF-8 strings; every column may be null. */
export async function toParquet(table: ColumnTable): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import("hyparquet-writer");
  const columnData = table.columnNames().map((name): ColumnSource => {
    const data = Array.from(table.array(name) as ArrayLike<unknown>);
    const kinds = new Set(data.filter((value) => value !== null).map((value) => typeof value));
    if (kinds.size === 1 && kinds.has("number")) return { name, data, type: "DOUBLE" };
    if (kinds.size === 1 && kinds.has("boolean")) return { name, data, type: "BOOLEAN" };
    return { name, data: data.map((value) => (value === null ? null : String(value))), type: "STRING" };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
