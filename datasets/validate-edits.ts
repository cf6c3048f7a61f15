import { createHash } from "node:crypto";
import { throwIfCancelled } from "../kernels/errors.ts";
import { type FileLayout, findFiles, type FoundFile } from "./benchmark-files.ts";
import { type EditFormat, parsed } from "./edit-records.ts";
import { type JsonRecord, jsonRecords } from "./json-records.ts";
import { MalformedRecordError } from "./record-fields.ts";
import { type Checks, type Severity, type ValidatedFile, type ValidateOptions } from "./validation.ts";

/** A usable record and where it stands. */
export interface PlacedRecord<R> {
  record: R;
  json: JsonRecord;
  file: string;
  split: string;
}

/** The usable records of one split of a copy, all in memory: checks compare them with one another. */
export interface SplitCopy<R> {
  split: string;
  file: string;
  records: PlacedRecord<R>[];
  /** Well-formed records that are no part of the benchmark. */
  leftOut: PlacedRecord<R>[];
}

/** Opens a file for validation: its fingerprint grows with the bytes that are read of it. */
export function fingerprinting({ fingerprints }: FileLayout, { name, split }: FoundFile) {
  const hash = createHash("sha256");
  return {
    onBytes: (chunk: Uint8Array) => void hash.update(chunk),
    result(records: number): ValidatedFile {
      const sha256 = hash.digest("hex");
      const published = fingerprints[sha256.slice(0, 16)]?.file;
      const fingerprintKnown = Object.values(fingerprints).some((known) => known.split === split);
      return { file: name, split, records, sha256, ...(published !== undefined && { published }), fingerprintKnown };
    },
  };
}

/**
 * Reads every file of a copy and opens the checks that all formats share: the number of records of each split (`expected`), and records
 * that cannot be read.
 *
 * Throws: what `findFiles` and `jsonRecords` throw; CancelledError.
 */
export async function readCopy<R>(
  format: Omit<EditFormat<R>, "toCase">,
  folder: string,
  checks: Checks,
  expected: Readonly<Record<string, number>>,
  { signal, onProgress }: ValidateOptions = {},
): Promise<{ files: ValidatedFile[]; splits: SplitCopy<R>[] }> {
  const files: ValidatedFile[] = [];
  const splits: SplitCopy<R>[] = [];
  for (const file of await findFiles(format.layout, folder)) {
    const { split, name } = file;
    const count = checks.open(`records/${split}`, `records of ${split}`, "note", expected[split]);
    const malformed = checks.open(`malformed/${split}`, `records of ${split} that cannot be read`, "error", 0);
    const copy: SplitCopy<R> = { split, file: name, records: [], leftOut: [] };
    const print = fingerprinting(format.layout, file);
    let records = 0;
    for await (const json of jsonRecords(file.path, format.layout.benchmark, { signal, onBytes: print.onBytes })) {
      throwIfCancelled(signal, `validating ${format.layout.benchmark}`);
      if (++records % 1000 === 0) onProgress?.(name, records);
      const record = parsed(format, json, file);
      if (record instanceof MalformedRecordError) {
        malformed.find({ file: name, line: json.line, field: "(record)", value: "", ...record.place });
        continue;
      }
      const place = { record, json, file: name, split };
      if (format.leaveOut?.(record) === undefined) copy.records.push(place);
      else copy.leftOut.push(place);
    }
    count.count(copy.records.length);
    files.push(print.result(records));
    splits.push(copy);
  }
  return { files, splits };
}

/** A question asked of every record of a split. */
export interface RecordCheck<R, C> {
  id: string;
  /** What is counted, after "records whose". */
  summary: string;
  severity: Severity;
  /** The published field that findings name. */
  field: string;
  /** What the published files have, by the name of the split. */
  expected?: Readonly<Record<string, number>>;
  /** Whether the record is counted. */
  found(record: R, context: C): boolean;
}

/** Asks a list of questions of records, which go by the name of a split; `context` knows all of them. */
export function checkRecords<R, C>(
  checks: Checks,
  name: string,
  records: readonly PlacedRecord<R>[],
  context: C,
  list: readonly RecordCheck<R, C>[],
): void {
  for (const { id, summary, severity, field, expected, found } of list) {
    const check = checks.open(`${id}/${name}`, `records whose ${summary}`, severity, expected?.[name]);
    for (const { record, json, file } of records)
      if (found(record, context)) check.find({ file, line: json.lineOf(field), field, value: valueOf(json, field) });
  }
}

/** Records that repeat a key of an earlier one: records minus distinct keys. */
export function checkRepeats<R>(
  checks: Checks,
  id: string,
  summary: string,
  records: readonly PlacedRecord<R>[],
  { key, field, severity = "warning", expected }: RepeatOptions<R>,
): void {
  const check = checks.open(id, summary, severity, expected);
  const seen = new Set<string | number>();
  for (const { record, json, file } of records) {
    const value = key(record);
    if (seen.has(value)) check.find({ file, line: json.lineOf(field), field, value: valueOf(json, field) });
    seen.add(value);
  }
}

interface RepeatOptions<R> {
  key(record: R): string | number;
  field: string;
  severity?: Severity;
  expected?: number;
}

/** A published field of a record as it stands. */
export const valueOf = (json: JsonRecord, field: string): unknown => (json.value as Record<string, unknown>)[field];
