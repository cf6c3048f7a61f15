import { crc32 } from "node:zlib";

/** One finished piece of work as it is stored. */
export interface StoredLine<T> {
  key: string;
  /** Name of the part file that holds it. */
  part: string;
  /** End of the computation, milliseconds since 1970. */
  at: number;
  result: T;
}

const CHECKSUM = /,"crc":"([0-9a-f]{8})"\}$/;
const checksum = (body: string) => (crc32(body) >>> 0).toString(16).padStart(8, "0");

/** One line of a part file: JSON that ends with the CRC-32 of everything before it, and a newline. */
export function formatLine<T>(line: StoredLine<T>): Buffer {
  const body = JSON.stringify(line);
  return Buffer.from(`${body.slice(0, -1)},"crc":"${checksum(body)}"}\n`);
}

/** What a line without its newline holds, or undefined where it is damaged. */
export function parseLine<T>(line: string): StoredLine<T> | undefined {
  const found = CHECKSUM.exec(line);
  if (!found) return undefined;
  const body = `${line.slice(0, found.index)}}`;
  return checksum(body) === found[1] ? (JSON.parse(body) as StoredLine<T>) : undefined;
}
