import { createReadStream } from "node:fs";
import { parse } from "csv-parse";
import { throwIfCancelled } from "../../kernels/errors.ts";
import type { JsonRecord, JsonRecordOptions } from "../json-records.ts";
import { BenchmarkFileError, BenchmarkMissingError } from "../read-json-array.ts";
import { shownPath } from "../shown-path.ts";
import { pythonList } from "./python-list.ts";

const NUMBERS = ["im_1_local", "im_2_local", "BiomedCLIP_sim", "DINO_sim"];
const LISTS = ["category_1", "category_2"];

/**
 * Rows of a table as pandas writes it, as the records that the JSON file holds: numbers and lists are read, the column without a name is
 * dropped, `id` is the key.
 *
 * Throws: BenchmarkMissingError; BenchmarkFileError with the line; CancelledError.
 */
export async function* csvRecords(
  file: string,
  benchmark: string,
  { signal, onBytes }: JsonRecordOptions = {},
): AsyncGenerator<JsonRecord> {
  const where = `${benchmark}: ${shownPath(file)}`;
  const bytes = createReadStream(file);
  if (onBytes) bytes.on("data", (chunk) => onBytes(chunk as Uint8Array));
  const parser = parse({ columns: true, info: true, bom: true, max_record_size: 2 ** 20 });
  bytes.on("error", (error) => parser.destroy(error));
  let index = 0;
  let next = 2;
  try {
    for await (const row of bytes.pipe(parser) as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      throwIfCancelled(signal, `reading ${benchmark}`);
      const { id: key, "": _row, ...fields } = row.record;
      const line = next;
      next = row.info.lines + 1;
      yield { value: typed(fields), index: index++, ...(key !== undefined && { key }), line, lineOf: () => line };
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).syscall)
      throw new BenchmarkMissingError(`${where} cannot be read (${(cause as Error).message}). Put the file there.`, {
        cause,
      });
    const code = (cause as { code?: string }).code ?? "";
    if (!code.startsWith("CSV_")) throw cause;
    throw new BenchmarkFileError(
      `${where}, line ${next}: broken table (${(cause as Error).message}). Fetch the file again.`,
      {
        cause,
      },
    );
  } finally {
    bytes.destroy();
  }
}

const typed = (fields: Record<string, string>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, text]) => {
      if (NUMBERS.includes(name)) return [name, text.trim() === "" ? text : Number(text)];
      return [name, LISTS.includes(name) ? (pythonList(text) ?? text) : text];
    }),
  );
