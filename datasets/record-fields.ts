import { UserFacingError } from "../kernels/errors.ts";
import type { JsonRecord } from "./json-records.ts";

/** Cause: a record of a benchmark file lacks a field or holds the wrong kind of value. Handled by: the user, who repairs or skips it. */
export class MalformedRecordError extends UserFacingError {
  /** Where, and what stands there; missing where only the message says so. */
  readonly place?: { line: number; field: string; value: unknown };

  constructor(message: string, place?: { line: number; field: string; value: unknown }) {
    super(message);
    this.place = place;
  }
}

/**
 * The fields of one record, each read with the type that it must have. Only the record's own fields count, whatever their names are.
 *
 * Methods throw: MalformedRecordError with file, line, record and field.
 */
export class RecordFields {
  private readonly fields: Record<string, unknown>;

  /** `where` names the benchmark and the file. */
  constructor(
    private readonly record: JsonRecord,
    private readonly where: string,
  ) {
    const { value } = record;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      this.refuse("(record)", "expected an object", value);
    this.fields = value as Record<string, unknown>;
  }

  /** Position of the record in its file, from 0. */
  get index(): number {
    return this.record.index;
  }

  has(field: string): boolean {
    return Object.hasOwn(this.fields, field);
  }

  /** The value as it stands; undefined where there is none. */
  raw(field: string): unknown {
    return this.has(field) ? this.fields[field] : undefined;
  }

  /** A string, as it stands. */
  text(field: string): string {
    const value = this.raw(field);
    return typeof value === "string" ? value : this.refuse(field, "expected a string", value);
  }

  /** A string with something in it, as it stands. */
  filled(field: string): string {
    const value = this.text(field);
    return value.trim() === "" ? this.refuse(field, "is empty", value) : value;
  }

  /** A string as it stands; undefined where there is none, or null. */
  optional(field: string): string | undefined {
    return (this.raw(field) ?? undefined) === undefined ? undefined : this.text(field);
  }

  /** A whole number that is exact. */
  integer(field: string): number {
    const value = this.raw(field);
    return Number.isSafeInteger(value) ? (value as number) : this.refuse(field, "expected a whole number", value);
  }

  /** Fields outside `known`, as text. */
  rest(known: ReadonlySet<string>): Record<string, string> {
    const others = Object.entries(this.fields).filter(([field]) => !known.has(field));
    return Object.fromEntries(
      others.map(([field, value]) => [field, typeof value === "string" ? value : JSON.stringify(value)]),
    );
  }

  refuse(field: string, problem: string, value: unknown): never {
    const shown = value === undefined ? "nothing" : (JSON.stringify(value) ?? "nothing").slice(0, 80);
    const line = this.record.lineOf(field);
    throw new MalformedRecordError(
      `${this.where}, line ${line} (record ${this.record.index}), field "${field}": ${problem}, found ${shown}. ` +
        `Repair or remove the record, or load with onInvalid: "report" to skip and count it.`,
      { line, field, value },
    );
  }
}
