import { isPhantomExport } from "./phantom-export.ts";
import type { ReasonCount } from "./reason-count.ts";
import { type RecordSet, setOf, type Verdict, verdictOn } from "./verdict.ts";

/** One file of the user's copy. */
export interface ValidatedFile {
  /** Relative to the folder that was given. */
  file: string;
  split?: string;
  records: number;
  /** Of the bytes, in hexadecimal. */
  sha256: string;
  /** The published file with this fingerprint; undefined where the bytes are none of those known. */
  published?: string;
  /** Whether a fingerprint of this file was published at all. */
  fingerprintKnown: boolean;
}

/** A place where something was found. */
export interface FindingExample {
  file: string;
  /** From 1; 0 where the finding concerns the file as a whole. */
  line: number;
  field: string;
  /** What stands there, shortened. */
  value: string;
}

/** error: records that cannot be used. warning: something that changes what a measurement means. note: worth knowing. */
export type Severity = "error" | "warning" | "note";

/** One question asked of the whole copy, with its answer. */
export interface CheckResult {
  id: string;
  /** What `found` counts. */
  summary: string;
  /** What the published files have, where it is known. */
  expected?: number;
  found: number;
  severity: Severity;
  examples: FindingExample[];
}

/** Image references of one field that lead to no usable file. */
export interface UnresolvedImages {
  field: string;
  count: number;
  reasons: ReasonCount[];
  examples: FindingExample[];
}

export interface ValidationReport {
  benchmark: string;
  set: RecordSet;
  files: ValidatedFile[];
  checks: CheckResult[];
  unresolved: UnresolvedImages[];
  verdict: Verdict;
  /** Why the verdict is not simply "as published": one line each. */
  reasons: string[];
}

export interface ValidateOptions {
  /** Root of the images where they do not lie in the benchmark's folder. */
  images?: string;
  signal?: AbortSignal;
  /** Called now and then with the file being read and the records read of it. */
  onProgress?: (file: string, records: number) => void;
}

const EXAMPLES = 5;
const LONGEST_VALUE = 120;

/** Counts the findings of one check and keeps the first few as examples. */
export class Check {
  private readonly about: Omit<CheckResult, "found" | "examples">;
  private readonly examples: FindingExample[] = [];
  private found = 0;

  constructor(id: string, summary: string, severity: Severity, expected?: number) {
    this.about = { id, summary, severity, ...(expected !== undefined && { expected }) };
  }

  /** Counts one finding; `value` is what stands there. */
  find({ value, ...place }: Omit<FindingExample, "value"> & { value: unknown }): void {
    this.found++;
    if (this.examples.length < EXAMPLES) this.examples.push({ ...place, value: shortened(value) });
  }

  /** Adds findings that have no single place. */
  count(found: number): void {
    this.found += found;
  }

  result(): CheckResult {
    return { ...this.about, found: this.found, examples: this.examples };
  }
}

/** A list of checks, in the order in which they were opened. */
export class Checks {
  private readonly list: Check[] = [];

  open(id: string, summary: string, severity: Severity, expected?: number): Check {
    const check = new Check(id, summary, severity, expected);
    this.list.push(check);
    return check;
  }

  results(): CheckResult[] {
    return this.list.map((check) => check.result());
  }
}

/**
 * Closes the report on what the user gave as `folder`. "not usable" where an error was found or no file holds a record; "as published" where
 * every file with a published fingerprint has it, every check with an expected count found just that, and every image reference resolves.
 * Exports of the phantom world and other sets in the same form are not measured by the published counts (`RecordSet`).
 */
export function validationReport({
  folder,
  ...report
}: Pick<ValidationReport, "benchmark" | "files" | "checks" | "unresolved"> & { folder: string }): ValidationReport {
  const set = setOf(report.files, report.checks, isPhantomExport(folder));
  return { ...report, set, ...verdictOn(set, report.files, report.checks, report.unresolved) };
}

/** A value as one line of bounded length. */
export function shortened(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const line = text.replace(/\s+/g, " ");
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE - 1)}…` : line;
}
