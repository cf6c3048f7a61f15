import { closeSync, openSync, readSync } from "node:fs";

const CHUNK = 1 << 20;
const NEWLINE = 10;

/** A line of a file with its place in bytes; `torn` where no newline ends it. */
export interface FileLine {
  bytes: Buffer;
  start: number;
  torn: boolean;
}

/** The lines of a file one after another, without their newlines, in memory that does not grow with the file. */
export function* readLines(file: string): Generator<FileLine> {
  const fd = openSync(file, "r");
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    let start = 0;
    for (let read = readSync(fd, chunk); read > 0; read = readSync(fd, chunk)) {
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      let from = 0;
      for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, from)) {
        yield { bytes: bytes.subarray(from, end), start, torn: false };
        start += end + 1 - from;
        from = end + 1;
      }
      rest = bytes.subarray(from);
    }
    if (rest.length) yield { bytes: rest, start, torn: true };
  } finally {
    closeSync(fd);
  }
}
