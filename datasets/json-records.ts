import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Tokenizer, TokenParser, TokenType } from "@streamparser/json";
import { throwIfCancelled } from "../kernels/errors.ts";
import { BenchmarkFileError, BenchmarkMissingError } from "./read-json-array.ts";
import { shownPath } from "./shown-path.ts";
import { TextPosition } from "./text-position.ts";
import { Utf8Check } from "./utf8-check.ts";

/** One record of a file, where it stands, and where each of its fields stands. */
export interface JsonRecord {
  value: unknown;
  /** Position among the records, from 0. */
  index: number;
  /** Its key, where the file is an object of records. */
  key?: string;
  /** Line of the file on which it begins, from 1. */
  line: number;
  /** Line of one of its fields; that of the record where it has no such field. */
  lineOf(field: string): number;
}

export interface JsonRecordOptions {
  signal?: AbortSignal;
  /** Sees every chunk of bytes as it is read, for a fingerprint. */
  onBytes?: (chunk: Uint8Array) => void;
  /** Bytes read at once. */
  chunkSize?: number;
}

/** A record larger than this is no record of a benchmark; it would be held in memory as a whole. */
const LARGEST_RECORD = 16 * 2 ** 20;
const DEEPEST = 64;

/**
 * Streams the records of a file that holds one JSON array, or one object whose values are the records. Memory does not grow with the
 * file. A byte order mark is passed over.
 *
 * Throws: BenchmarkMissingError when the file cannot be read; BenchmarkFileError with line and column for broken JSON, a record above
 * 16 MiB or nested deeper than 64 levels; CancelledError.
 */
export async function* jsonRecords(
  file: string,
  benchmark: string,
  { signal, onBytes, chunkSize = 65_536 }: JsonRecordOptions = {},
): AsyncGenerator<JsonRecord> {
  const where = `${benchmark}: ${shownPath(file)}`;
  await refuseMissing(file, where);
  const parser = recordParser(where);
  const stream = createReadStream(file, { highWaterMark: chunkSize });
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      throwIfCancelled(signal, `reading ${benchmark}`);
      onBytes?.(chunk);
      yield* parser.write(chunk);
    }
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).syscall ? unreadable(where, cause) : cause;
  } finally {
    stream.destroy();
  }
  parser.end();
}

/** Records out of bytes that arrive in pieces of any size. Exposed for tests; throws as `jsonRecords` does. */
export function recordParser(where: string): { write(chunk: Uint8Array): JsonRecord[]; end(): void } {
  const position = new TextPosition();
  const encoding = new Utf8Check();
  const tokenizer = new Tokenizer({ stringBufferSize: 65_536 });
  const parser = new TokenParser({ paths: ["$.*"], keepStack: false });
  let found: JsonRecord[] = [];
  let depth = 0;
  let index = 0;
  let line = 1;
  let start = 0;
  let fields = new Map<string, number>();
  /** Whether the next string at depth 2 is a field's name. */
  let named = false;

  const refuse = (problem: string, offset?: number, cause?: unknown): never => {
    throw new BenchmarkFileError(
      `${where}, ${position.describe(offset)}: ${problem}. Fetch the file again, or repair it at that place.`,
      { cause },
    );
  };
  parser.onValue = ({ value, key }) => {
    const [at, lines] = [line, fields];
    found.push({
      value,
      index: index++,
      ...(typeof key === "string" && { key }),
      line: at,
      lineOf: (field) => lines.get(field) ?? at,
    });
  };
  parser.onError = (cause) => {
    throw cause;
  };
  tokenizer.onToken = (token) => {
    const at = position.lineAt(token.offset);
    if (parser.isEnded) refuse("broken JSON (text after the end)", token.offset);
    const opens = token.token === TokenType.LEFT_BRACE || token.token === TokenType.LEFT_BRACKET;
    const closes = token.token === TokenType.RIGHT_BRACE || token.token === TokenType.RIGHT_BRACKET;
    if (depth === 0 && !opens)
      refuse(
        `expected a list of records, found ${typeof token.value === "string" ? "text" : token.value}`,
        token.offset,
      );
    if (depth === 1 && token.token !== TokenType.COMMA && token.token !== TokenType.COLON) {
      line = at;
      start = token.offset;
      fields = new Map();
    }
    if (depth === 2) {
      if (token.token === TokenType.COMMA) named = true;
      else if (named && token.token === TokenType.STRING) {
        fields.set(token.value as string, at);
        named = false;
      }
    }
    if (opens && ++depth > DEEPEST) refuse(`nested deeper than ${DEEPEST} levels`, token.offset);
    if (opens && depth === 2) named = token.token === TokenType.LEFT_BRACE;
    if (closes) depth--;
    try {
      parser.write(token);
    } catch (cause) {
      refuse(`broken JSON (unexpected ${JSON.stringify(token.value)})`, token.offset, cause);
    }
  };
  // The tokenizer reports what it throws here too; our own errors pass.
  tokenizer.onError = (cause) => {
    if (cause instanceof BenchmarkFileError) throw cause;
    const offset = /absolute position "(\d+)"/.exec(cause.message)?.[1];
    refuse(
      offset === undefined
        ? "broken JSON (the file ends too early)"
        : `broken JSON (${cause.message.replace(/ at chunk position.*/s, "")})`,
      offset === undefined ? undefined : Number(offset),
      cause,
    );
  };
  return {
    write(chunk) {
      found = [];
      const text = position.take(chunk);
      const fault = encoding.faultIn(text);
      if (fault !== undefined) refuse(`not UTF-8 (byte 0x${hex(text[fault])})`, position.offset - text.length + fault);
      if (tokenizer.isEnded && text.some((byte) => !WHITE_SPACE.has(byte))) refuse("broken JSON (text after the end)");
      if (text.length) tokenizer.write(text);
      position.finish();
      if (depth > 1 && position.offset - start > LARGEST_RECORD)
        refuse(`the record that begins on line ${line} is larger than ${LARGEST_RECORD / 2 ** 20} MiB`);
      return found;
    },
    end() {
      if (!parser.isEnded) refuse("broken JSON (the file ends too early)");
    },
  };
}

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

const WHITE_SPACE = new Set([0x20, 0x0a, 0x0d, 0x09]);

async function refuseMissing(file: string, where: string): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    throw unreadable(where, cause);
  });
  if (!found.isFile())
    throw new BenchmarkMissingError(`${where} is no file. Pass the folder that holds it, or put the file there.`);
}

function unreadable(where: string, cause: unknown): BenchmarkMissingError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === "ENOENT" ? "does not exist" : `cannot be read (${message})`;
  return new BenchmarkMissingError(`${where} ${reason}. Pass the folder that holds it, or put the file there.`, {
    cause,
  });
}
