/** One 512-byte header of a tar archive (POSIX ustar, GNU). */
export interface TarHeader {
  name: string;
  size: number;
  type: string;
}

export const BLOCK = 512;

/** Undefined for a block of zeros, which ends an archive. Throws: Error for a block that is no header. */
export function tarHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 32 : block[i];
  if (number(block, 148, 8) !== sum) throw new Error("a header's checksum does not fit");
  const prefix = block.toString("latin1", 257, 262) === "ustar" && block[263] !== 32 ? text(block, 345, 155) : "";
  const name = text(block, 0, 100);
  return {
    name: prefix ? `${prefix}/${name}` : name,
    size: number(block, 124, 12),
    type: String.fromCharCode(block[156]),
  };
}

/** Name and size of a pax extended header: records "<length> <key>=<value>\n". Throws: Error for a malformed one. */
export function paxRecords(body: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(32, at);
    const length = Number(body.toString("latin1", at, space));
    if (space < 0 || !Number.isInteger(length) || length <= space - at + 2 || at + length > body.length)
      throw new Error("an extended header is malformed");
    const record = body.toString("utf8", space + 1, at + length - 1);
    const equals = record.indexOf("=");
    if (equals < 1) throw new Error("an extended header is malformed");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}

/** Text up to the first zero byte. */
export function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString("utf8", start, end < 0 || end > start + length ? start + length : end);
}

/** Octal digits, or the base-256 form of large sizes. */
function number(block: Buffer, start: number, length: number): number {
  const field = block.subarray(start, start + length);
  let value = 0;
  if (field[0] & 0x80) {
    if (field[0] !== 0x80) throw new Error("a number in a header is negative or too large");
    for (const byte of field.subarray(1)) value = value * 256 + byte;
  } else {
    const digits = field.toString("latin1").replace(/\0.*$/s, "").trim();
    if (!/^[0-7]*$/.test(digits)) throw new Error("a number in a header is not octal");
    value = digits ? parseInt(digits, 8) : 0;
  }
  if (!Number.isSafeInteger(value)) throw new Error("a number in a header is too large");
  return value;
}
