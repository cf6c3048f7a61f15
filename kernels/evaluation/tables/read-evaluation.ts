import { readFile } from "node:fs/promises";
import { shownPath } from "../../../datasets/shown-path.ts";
import { UserFacingError } from "../../errors.ts";
import { metricPart, metrics } from "../metrics/index.ts";
import { profiles } from "../profiles/index.ts";
import type { Evaluation } from "../result.ts";

/** Cause: a file that is not what `medke evaluate --json` prints. Handled by: the user, who passes another file or evaluates again. */
export class ResultDocumentError extends UserFacingError {}

/**
 * Reads the result document that `medke evaluate --json` printed into a file.
 *
 * Throws: ResultDocumentError for a file that cannot be read, broken JSON, a missing field, a number that is none, or a metric or profile
 * that this version does not know.
 */
export async function readEvaluation(file: string): Promise<Evaluation> {
  const where = shownPath(file);
  const text = await readFile(file, "utf8").catch((cause) => {
    throw new ResultDocumentError(
      `${where}: cannot be read (${(cause as Error).message.split(",")[0]}). Check the path.`,
      {
        cause,
      },
    );
  });
  return parseEvaluation(text, where);
}

/** The same for a text; `where` names it in messages. */
export function parseEvaluation(text: string, where: string): Evaluation {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const reason = (cause as Error).message.split("\n")[0];
    throw new ResultDocumentError(
      `${where}: broken JSON (${reason}). Write it again with: medke evaluate --json > FILE.`,
      { cause },
    );
  }
  const refuse = (field: string, expected: string): never => {
    throw new ResultDocumentError(
      `${where}: ${field}: expected ${expected}. This is no document of medke evaluate --json; pass one that is.`,
    );
  };
  if (!isObject(value)) return refuse("the document", "one object");
  for (const field of ["model", "editor", "benchmark", "protocol", "notice"])
    if (typeof value[field] !== "string") refuse(field, "a text");
  if (!Number.isInteger(value.seed)) refuse("seed", "a whole number");
  if (!isObject(value.device) || typeof value.device.device !== "string") refuse("device.device", "a text");
  const { rows, cases } = value;
  if (!Array.isArray(rows)) return refuse("rows", "a list");
  if (!Array.isArray(cases)) return refuse("cases", "a list");
  rows.forEach((row, i) => checkRow(row, `rows[${i}]`, refuse));
  cases.forEach((each, i) => {
    if (!isObject(each) || typeof each.id !== "string" || !Array.isArray(each.probes))
      refuse(`cases[${i}]`, "a case with id and probes");
  });
  return value as unknown as Evaluation;
}

function checkRow(row: unknown, path: string, refuse: (field: string, expected: string) => never): void {
  if (!isObject(row)) return refuse(path, "an object");
  if (typeof row.metric !== "string" || !metricPart(row.metric))
    refuse(`${path}.metric ${JSON.stringify(row.metric)}`, `one of ${Object.keys(metrics).join(", ")}`);
  if (typeof row.profile !== "string" || !Object.hasOwn(profiles, row.profile))
    refuse(`${path}.profile ${JSON.stringify(row.profile)}`, `one of ${Object.keys(profiles).join(", ")}`);
  if (typeof row.comparable_group !== "string") refuse(`${path}.comparable_group`, "a text");
  for (const field of ["value", "base", "n"])
    if (!Number.isFinite(row[field])) refuse(`${path}.${field}`, "a finite number");
  const ci = row.ci;
  if (ci !== null && (!Array.isArray(ci) || ci.length !== 2 || !ci.every(Number.isFinite)))
    refuse(`${path}.ci`, "a 95% interval [low, high], or null");
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
