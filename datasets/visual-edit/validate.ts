import { findFiles } from "../benchmark-files.ts";
import { groupBy } from "../group-by.ts";
import { ImageAudit } from "../image-audit.ts";
import { checkRecords, checkRepeats, readCopy, type SplitCopy, valueOf } from "../validate-edits.ts";
import { Checks, type ValidateOptions, validationReport, type ValidationReport } from "../validation.ts";
import {
  contextOf,
  type DistinctCheck,
  distinctChecks,
  type Expected,
  sharedChecks,
  type VisualCheck,
} from "./checks.ts";
import type { VisualFormat } from "./format.ts";
import { imageRoots } from "./image-folders.ts";
import type { VisualEdit } from "./visual-edit.ts";

/** What one benchmark adds to what all visual benchmarks are checked for. */
export interface VisualChecks {
  format: VisualFormat;
  /** Records of each published file. */
  records: Readonly<Record<string, number>>;
  /** What is expected of the shared checks. */
  expected: Expected;
  checks?: readonly VisualCheck[];
  distinct?: readonly DistinctCheck[];
  /** Whether records have portability probes, and how many records of each number of hops there are. */
  hops?: Expected;
  /** Checks over the whole copy. */
  more?(checks: Checks, splits: readonly SplitCopy<VisualEdit>[]): void;
}

/**
 * Makes `Benchmark.validate` of a visual benchmark. Holds the records of the copy in memory: they are compared with one another. Looks for
 * every image that is referred to but opens none.
 */
export const visualValidator =
  ({ format, records, expected, checks: own = [], distinct = [], hops, more }: VisualChecks) =>
  async (folder: string, options: ValidateOptions = {}): Promise<ValidationReport> => {
    const checks = new Checks();
    const { files, splits } = await readCopy(format, folder, checks, records, options);
    const audit = new ImageAudit();
    const found = await findFiles(format.layout, folder);
    for (const copy of splits) {
      const { split, records } = copy;
      checkRecords(checks, split, records, contextOf(copy), [...sharedChecks(expected), ...own]);
      for (const { id, summary, expected: published, of } of [...distinctChecks(expected), ...distinct]) {
        const things = new Set(records.flatMap(({ record }) => of(record)).filter((thing) => thing !== undefined));
        checks.open(`${id}/${split}`, `${summary} in ${split}`, "note", published?.[split]).count(things.size);
      }
      checkRepeats(
        checks,
        `repeated/${split}`,
        "records that repeat the image and question of an earlier one",
        records,
        {
          key: ({ image, src }) => JSON.stringify([image, src]),
          field: "src",
          expected: expected.repeated?.[split],
        },
      );
      conflicts(checks, copy, expected.conflicting?.[split]);
      if (hops) countHops(checks, copy, hops);
      const roots = await imageRoots(
        format.layout,
        found.find((file) => file.split === split)!,
        { ...options, folder },
        format.imageFolders,
      );
      for (const { record, json, file } of records)
        for (const [field, reference] of references(record))
          await audit.check(roots, reference, { file, line: json.lineOf(field), field });
    }
    more?.(checks, splits);
    return validationReport({
      folder,
      benchmark: format.layout.benchmark,
      files,
      checks: checks.results(),
      unresolved: audit.results(),
    });
  };

/** The image references of a record by their published fields. */
function references({ image, imageRephrase, imageLocality, negatives }: VisualEdit): [string, string][] {
  return [
    ["image", image],
    ...(imageRephrase === undefined ? [] : [["image_rephrase", imageRephrase] as [string, string]]),
    ...(imageLocality === undefined ? [] : [["m_loc", imageLocality.image] as [string, string]]),
    ...negatives.map(({ image }): [string, string] => ["hard_negatives", image]),
  ];
}

function conflicts(checks: Checks, { split, records }: SplitCopy<VisualEdit>, expected?: number): void {
  const check = checks.open(
    `conflicting/${split}`,
    "images and questions that are edited to more than one target",
    "warning",
    expected,
  );
  for (const [, group] of groupBy(records, ({ record }) => JSON.stringify([record.image, record.src]))) {
    const other = group.find(({ record }) => record.alt !== group[0].record.alt);
    if (other)
      check.find({
        file: other.file,
        line: other.json.lineOf("alt"),
        field: "alt",
        value: valueOf(other.json, "alt"),
      });
  }
}

function countHops(checks: Checks, { split, records }: SplitCopy<VisualEdit>, expected: Expected): void {
  const probes = records.map(({ record }) => record.more.filter(({ kind }) => kind === "portability"));
  for (const hop of [1, 2, 3, 4] as const)
    checks
      .open(
        `hop-${hop}/${split}`,
        `records of ${split} with a question of ${hop} hop${hop > 1 ? "s" : ""}`,
        "note",
        expected[`hop-${hop}`]?.[split],
      )
      .count(probes.filter((asked) => asked.some((probe) => probe.hop === hop)).length);
  checks
    .open(`no-hop/${split}`, `records of ${split} without portability`, "note", expected["no-hop"]?.[split])
    .count(probes.filter((asked) => asked.length === 0).length);
}
