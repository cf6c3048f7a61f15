// Readers see the old file or the new one, never a mixture; holds across kill -9.
// Not promised: survival of a power cut on a network file system.
import { open, rename, rm } from "node:fs/promises";
import { ELEMENT_TYPES, type StoredTensor } from "./element-types.ts";
import { LONGEST_HEADER, SafetensorsError } from "./header.ts";

/** The bytes of a file in order: length and header, then each tensor's numbers, not copied. */
export interface Layout {
  head: Buffer;
  data: Uint8Array[];
}

/**
 * Lays out a safetensors file: largest elements first, so that every tensor lies at a multiple of its element size.
 *
 * Throws: SafetensorsError for metadata that would make the header longer than readers take.
 */
export function layOut(metadata: Record<string, string>, tensors: ReadonlyMap<string, StoredTensor>): Layout {
  const ordered = [...tensors].sort(([, a], [, b]) => ELEMENT_TYPES[b.dtype].bytes - ELEMENT_TYPES[a.dtype].bytes);
  let offset = 0;
  const entries = ordered.map(([name, { dtype, shape, data }]) => [
    name,
    { dtype, shape, data_offsets: [offset, (offset += data.byteLength)] },
  ]);
  const text = JSON.stringify(Object.fromEntries([["__metadata__", metadata], ...entries]));
  // Data begin at a multiple of 8, as the format asks: the header is filled up with spaces, in UTF-8 bytes.
  const header = Buffer.from(text + " ".repeat((8 - (Buffer.byteLength(text) % 8)) % 8));
  if (header.length > LONGEST_HEADER)
    throw new SafetensorsError(`its header would have ${header.length} bytes, and ${LONGEST_HEADER} can be read`);
  const head = Buffer.concat([Buffer.alloc(8), header]);
  head.writeBigUInt64LE(BigInt(header.length));
  return { head, data: ordered.map(([, { data }]) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)) };
}

/** Writes a laid out file beside its final name and renames it. Throws: what the file system throws; nothing is left behind then. */
export async function writeLayout(path: string, { head, data }: Layout): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  try {
    const file = await open(partial, "w");
    try {
      for (const part of [head, ...data]) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}
