import { findFiles } from "../benchmark-files.ts";
import { ImageAudit } from "../image-audit.ts";
import { pairClusters } from "../pair-clusters.ts";
import { MalformedRecordError, RecordFields } from "../record-fields.ts";
import { checkRecords, fingerprinting, type PlacedRecord } from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import { CHECKS, countCategories, countDistinct, similarityChecks } from "./checks.ts";
import { checkManifest } from "./manifest.ts";
import { layout } from "./layout.ts";
import { PairImages } from "./pair-images.ts";
import { records } from "./read.ts";
import { type MediconfusionRecord, parseRecord } from "./record.ts";

/**
 * Checks a copy of MediConfusion against what its files hold, in either of their two forms, and looks for its images.
 *
 * Throws: BenchmarkMissingError where neither file is there; BenchmarkFileError; CancelledError.
 */
export async function validateMediconfusion(folder: string, options: ValidateOptions = {}): Promise<ValidationReport> {
  const checks = new Checks();
  const audit = new ImageAudit();
  const files = [];
  const both: PlacedRecord<MediconfusionRecord>[][] = [];
  for (const file of await findFiles(layout, folder)) {
    const count = checks.open(`records/${file.split}`, `pairs of ${file.name}`, "note", 176);
    const malformed = checks.open(`malformed/${file.split}`, "pairs that cannot be read", "error", 0);
    const images = await PairImages.open(file, { folder, images: options.images });
    const print = fingerprinting(layout, file);
    const pairs: PlacedRecord<MediconfusionRecord>[] = [];
    let seen = 0;
    for await (const json of records(file, { signal: options.signal, onBytes: print.onBytes }))
      try {
        seen++;
        const record = parseRecord(new RecordFields(json, `${layout.benchmark}: ${file.name}`));
        pairs.push({ record, json, file: file.name, split: file.split });
        for (const side of [0, 1] as const) {
          const found = await images.locate(record.images[side], record.locals[side]);
          const field = `im_${side + 1}`;
          audit.add(found, record.images[side], { file: file.name, line: json.lineOf(field), field });
        }
      } catch (error) {
        if (!(error instanceof MalformedRecordError)) throw error;
        malformed.find({ file: file.name, line: json.line, field: "(record)", value: "", ...error.place });
      }
    count.count(pairs.length);
    options.onProgress?.(file.name, seen);
    files.push(print.result(seen));
    checkRecords(checks, file.split, pairs, undefined, CHECKS);
    countDistinct(
      checks,
      file.split,
      pairs.map(({ record }) => record),
    );
    countCategories(
      checks,
      file.split,
      pairs.map(({ record }) => record),
    );
    similarityChecks(checks, file.split, pairs);
    const clusters = pairClusters(pairs.map(({ record }) => record.images));
    checks
      .open(`clusters/${file.split}`, "clusters of pairs that share images: the units of a bootstrap", "note", 60)
      .count(new Set(clusters).size);
    both.push(pairs);
  }
  await checkManifest(checks, folder, both[0]);
  if (both.length === 2) compare(checks, both[0], both[1]);
  return validationReport({
    folder,
    benchmark: layout.benchmark,
    files,
    checks: checks.results(),
    unresolved: audit.results(),
  });
}

/** The two files hold the same pairs. */
function compare(
  checks: Checks,
  one: PlacedRecord<MediconfusionRecord>[],
  two: PlacedRecord<MediconfusionRecord>[],
): void {
  const check = checks.open("files-differ", "pairs that differ between dataset.json and dataset.csv", "warning", 0);
  const others = new Map(two.map((placed) => [placed.json.key, placed]));
  for (const { record, json, file } of one) {
    const other = others.get(json.key);
    if (JSON.stringify(record) !== JSON.stringify(other?.record))
      check.find({ file, line: json.line, field: "(record)", value: json.key });
    others.delete(json.key);
  }
  for (const { json, file } of others.values())
    check.find({ file, line: json.line, field: "(record)", value: json.key });
}
