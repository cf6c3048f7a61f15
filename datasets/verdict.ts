import { groupBy } from "./group-by.ts";
import type { CheckResult, UnresolvedImages, ValidatedFile } from "./validation.ts";

/**
 * Which records a copy holds: the published ones (perhaps changed, or a part of the files), an export of the phantom world, or others in
 * the same form. Published counts say something about the first alone.
 */
export type RecordSet = "published" | "phantom" | "another";

/** The words that stand at the end of a report; the last says that nothing can be made of the copy. */
export const VERDICTS = [
  "as published",
  "as published, images missing",
  "usable, differs from what was published",
  "phantom export",
  "phantom export, images missing",
  "usable, another set than the published one",
  "not usable",
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** A copy is of another set where no file is a published one and no split has between half and one and a half times the published records. */
export function setOf(files: readonly ValidatedFile[], checks: readonly CheckResult[], phantom: boolean): RecordSet {
  if (phantom) return "phantom";
  const counts = checks.filter(({ id, expected }) => id.startsWith("records/") && expected !== undefined);
  const near = counts.some(({ found, expected = 0 }) => found >= expected / 2 && found <= 1.5 * expected);
  return near || counts.length === 0 || files.some(({ published }) => published !== undefined)
    ? "published"
    : "another";
}

/** The verdict on a copy, with a line for each of its reasons. */
export function verdictOn(
  set: RecordSet,
  files: readonly ValidatedFile[],
  checks: readonly CheckResult[],
  unresolved: readonly UnresolvedImages[],
): { verdict: Verdict; reasons: string[] } {
  const errors = checks
    .filter(({ severity, found, expected }) => severity === "error" && found > 0 && found !== expected)
    .map(({ id, found }) => `${id}: ${found} found`);
  if (files.every(({ records }) => records === 0)) errors.push("no file holds a record");
  const differences =
    set !== "published"
      ? []
      : [
          ...files
            .filter(({ fingerprintKnown, published }) => fingerprintKnown && published === undefined)
            .map(({ file }) => `${file}: not byte for byte a published file`),
          ...checks
            .filter(
              ({ severity, found, expected }) => severity !== "error" && expected !== undefined && found !== expected,
            )
            .map(({ id, found, expected }) => `${id}: ${found} found, ${expected} published`),
        ];
  const images = missingImages(unresolved);
  const about = set === "another" ? ["no file and no number of records is a published one, so no published count is held against them"] : []; // prettier-ignore
  const reasons = [...errors, ...about, ...differences, ...images];
  if (errors.length) return { verdict: "not usable", reasons };
  if (set === "another") return { verdict: "usable, another set than the published one", reasons };
  if (set === "phantom")
    return { verdict: images.length ? "phantom export, images missing" : "phantom export", reasons };
  if (differences.length) return { verdict: "usable, differs from what was published", reasons };
  return { verdict: images.length ? "as published, images missing" : "as published", reasons };
}

/** A line for each reason why image references lead to no file, with how many of which fields. */
function missingImages(unresolved: readonly UnresolvedImages[]): string[] {
  const all = unresolved.flatMap(({ field, reasons }) =>
    reasons.map(({ reason, count }) => ({ field, reason, count })),
  );
  return [...groupBy(all, ({ reason }) => reason)].map(([reason, own]) => {
    const total = own.reduce((sum, { count }) => sum + count, 0);
    const fields = own.map(({ field, count }) => (own.length > 1 ? `${field} ${count}` : field)).join(", ");
    return `${total} image references lead to no file: ${reason} (${own.length > 1 ? "fields" : "field"} ${fields})`;
  });
}
