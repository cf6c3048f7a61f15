import { crc32, deflateRawSync, gzipSync } from "node:zlib";

/** One entry, with whatever lies about itself a test needs. */
export interface Entry {
  name: string | Buffer;
  body?: Buffer | string;
  /** Unix mode with file type, for zip. Default: a plain file. */
  mode?: number;
  /** Type of a tar entry. Default "0", a plain file. */
  type?: string;
  link?: string;
  encrypted?: boolean;
  /** What the headers claim instead of the truth. */
  claims?: { size?: number; crc?: number };
}

const bytesOf = (value: Buffer | string | undefined) => Buffer.from(value ?? "");

/** A zip archive with deflated entries, written byte by byte so that it can lie. */
export function zip(entries: Entry[], announced = entries.length): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, body, mode = 0o100644, encrypted, claims } of entries) {
    const raw = bytesOf(body);
    const packed = deflateRawSync(raw);
    const file = bytesOf(name);
    const fixed = Buffer.alloc(26);
    fixed.writeUInt16LE(20, 0);
    fixed.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2);
    fixed.writeUInt16LE(8, 4);
    fixed.writeUInt32LE(claims?.crc ?? crc32(raw), 10);
    fixed.writeUInt32LE(packed.length, 14);
    fixed.writeUInt32LE(claims?.size ?? raw.length, 18);
    fixed.writeUInt16LE(file.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), fixed, file, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE((mode << 16) >>> 0, 6);
    tail.writeUInt32LE(offset, 10);
    const madeOnUnix = Buffer.from([20, 3]);
    central.push(Buffer.from("PK\x01\x02", "latin1"), madeOnUnix, fixed, tail, file);
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(announced & 0xffff, 8);
  end.writeUInt16LE(announced & 0xffff, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

/** A tar header block. */
export function tarBlock({ name, body, type = "0", link = "", claims }: Entry): Buffer {
  const block = Buffer.alloc(512);
  bytesOf(name).copy(block, 0, 0, 100);
  block.write("0000644\0", 100);
  block.write((claims?.size ?? bytesOf(body).length).toString(8).padStart(11, "0") + "\0", 124);
  block.write("        ", 148);
  block.write(type, 156, "latin1");
  block.write(link, 157);
  block.write("ustar\0" + "00", 257, "latin1");
  block.write((claims?.crc ?? block.reduce((sum, byte) => sum + byte, 0)).toString(8).padStart(6, "0") + "\0 ", 148);
  return block;
}

const padded = (body: Buffer) => Buffer.concat([body, Buffer.alloc(-body.length & 511)]);

/** A tar archive, not compressed. */
export const tar = (entries: Entry[]): Buffer =>
  Buffer.concat([...entries.flatMap((entry) => [tarBlock(entry), padded(bytesOf(entry.body))]), Buffer.alloc(1024)]);

export const tarGz = (entries: Entry[]): Buffer => gzipSync(tar(entries));

/** A pax extended header for the entry that follows. */
export function pax(records: Record<string, string>): Entry {
  const body = Object.entries(records).map(([key, value]) => {
    const rest = ` ${key}=${value}\n`;
    let length = Buffer.byteLength(rest) + 1;
    while (String(length).length + Buffer.byteLength(rest) !== length) length++;
    return `${length}${rest}`;
  });
  return { name: "pax", type: "x", body: body.join("") };
}
