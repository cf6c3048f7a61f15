import { crc32 } from "node:zlib";
import type { CaseResult } from "../evaluation/result.ts";

/** One finished unit as it is stored. */
export interface StoredUnit {
  key: string;
  /** Name of the part file that holds it. */
  part: string;
  /** End of the computation, milliseconds since 1970. */
  at: number;
  result: CaseResult;
}

const CHECKSUM = /,"crc":"([0-9a-f]{8})"\}$/;
const checksum = (body: string) => (crc32(body) >>> 0).toString(16).padStart(8, "0");

/** One line of a part file: JSON that ends with the CRC-32 of everything before it, and a newline. */
export function formatLine(unit: StoredUnit): Buffer {
  const body = JSON.stringify(unit);
  return Buffer.from(`${body.slice(0, -1)},"crc":"${checksum(body)}"}\n`);
}

/** The unit of a line without its newline, or undefined where the line is damaged. */
export function parseLine(line: string): StoredUnit | undefined {
  const found = CHECKSUM.exec(line);
  if (!found) return undefined;
  const body = `${line.slice(0, found.index)}}`;
  return checksum(body) === found[1] ? (JSON.parse(body) as StoredUnit) : undefined;
}
