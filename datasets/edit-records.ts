import { requireKnown } from "../kernels/nearest-name.ts";
import { type FileLayout, findSplit, type FoundFile } from "./benchmark-files.ts";
import type { EditCase } from "./case.ts";
import { type JsonRecord, jsonRecords } from "./json-records.ts";
import { ordered, reading, type Reading, type ReadingLog, type ReadOptions } from "./reading.ts";
import { MalformedRecordError, RecordFields } from "./record-fields.ts";

/** A benchmark whose files are lists of edit records: how one is read, and what case it becomes. */
export interface EditFormat<R> {
  layout: FileLayout;
  /** Reads a record's fields. Throws: MalformedRecordError. */
  parse(fields: RecordFields, file: FoundFile): R;
  /** `index` is the record's position in the file, from 0; where some are left out, its position among the others. */
  toCase(record: R, split: string, index: number): EditCase;
  /** Why a well-formed record is no part of the benchmark; undefined where it is one. */
  leaveOut?(record: R): string | undefined;
}

/** Makes `Benchmark.read` of a format; `EditCase`s as DESIGN.md has them. The reading throws what `findSplit` and `jsonRecords` throw. */
export const editReader =
  <R>(format: EditFormat<R>) =>
  (options: ReadOptions): Reading<EditCase> => {
    const { benchmark, splits } = format.layout;
    const split = requireKnown(`${benchmark} split`, options.split ?? Object.keys(splits)[0], Object.keys(splits));
    const onInvalid = requireKnown("onInvalid", options.onInvalid ?? "throw", ["throw", "report"] as const);
    return reading((log) => ordered(cases(format, { ...options, split, onInvalid }, log), options));
  };

async function* cases<R>(
  format: EditFormat<R>,
  { folder, split, onInvalid, signal }: ReadOptions & { split: string },
  log: ReadingLog,
): AsyncGenerator<EditCase> {
  const file = await findSplit(format.layout, folder, split);
  log.source(file.name);
  let index = 0;
  for await (const json of jsonRecords(file.path, format.layout.benchmark, { signal })) {
    const record = parsed(format, json, file);
    const malformed = record instanceof MalformedRecordError;
    const reason = malformed ? undefined : format.leaveOut?.(record);
    if (malformed && onInvalid === "throw") throw record;
    else if (malformed) log.skip("the record is malformed");
    else if (reason !== undefined) log.skip(reason);
    else yield format.toCase(record, split, index);
    if (reason === undefined) index++;
  }
}

/** The record, or what is wrong with it. */
export function parsed<R>(
  format: Omit<EditFormat<R>, "toCase">,
  json: JsonRecord,
  file: FoundFile,
): R | MalformedRecordError {
  try {
    return format.parse(new RecordFields(json, `${format.layout.benchmark}: ${file.name}`), file);
  } catch (error) {
    if (error instanceof MalformedRecordError) return error;
    throw error;
  }
}
