import { readFile } from "node:fs/promises";
import { UserFacingError } from "../kernels/errors.ts";
import { shownPath } from "./shown-path.ts";
import { Utf8Check } from "./utf8-check.ts";

/** Cause: a benchmark's folder or one of its files is not where it should be. Handled by: the user, who corrects the path. */
export class BenchmarkMissingError extends UserFacingError {}

/** Cause: a benchmark file is not valid JSON, or not a list. Handled by: the user, who fetches the file again. */
export class BenchmarkFileError extends UserFacingError {}

/**
 * Reads a benchmark file that holds one JSON array.
 *
 * Throws: BenchmarkMissingError when the file cannot be read; BenchmarkFileError with line and column for broken JSON.
 */
export async function readJsonArray(file: string, benchmark: string): Promise<unknown[]> {
  const where = `${benchmark}: ${shownPath(file)}`;
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (cause) {
    const reason =
      (cause as NodeJS.ErrnoException).code === "ENOENT"
        ? "does not exist"
        : `cannot be read (${(cause as Error).message})`;
    throw new BenchmarkMissingError(`${where} ${reason}. Pass the folder that holds it, or put the file there.`, {
      cause,
    });
  }
  const text = bytes.toString("utf8");
  const fault = new Utf8Check().faultIn(bytes);
  if (fault !== undefined) {
    const place = placeAfter(bytes.subarray(0, fault).toString("utf8"));
    throw new BenchmarkFileError(
      `${where}, ${place}: not UTF-8 (byte 0x${bytes[fault].toString(16)}). Fetch the file again, or repair it at that place.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (cause) {
    const message = (cause as Error).message;
    throw new BenchmarkFileError(
      `${where}, ${positionOf(message, text)}: broken JSON (${message.split("\n")[0]}). Fetch the file again, or repair it at that place.`,
      { cause },
    );
  }
  if (!Array.isArray(value))
    throw new BenchmarkFileError(
      `${where}: expected a list of records, found ${value === null ? "null" : typeof value}. Pass the published file.`,
    );
  return value;
}

/** V8 reports an offset, or nothing where the text simply ends. */
function positionOf(message: string, text: string): string {
  const offset = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  return placeAfter(text.slice(0, offset));
}

function placeAfter(text: string): string {
  const before = text.split("\n");
  return `line ${before.length}, column ${before[before.length - 1].length + 1}`;
}
