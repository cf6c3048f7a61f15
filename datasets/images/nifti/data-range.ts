import { createGunzip } from "node:zlib";
import { ImageFault } from "../image-fault.ts";

/** Bytes that are unpacked at most on the way to a volume: a gzip file unpacks to a thousand times its size. */
const MAX_UNPACKED = 8 * 2 ** 30;

/**
 * Bytes `from` to `to` of the data, fewer where they end before. Of gzipped data only these are kept, and nothing is unpacked beyond
 * them, so that neither a bomb nor the other volumes of a long series fill memory.
 *
 * Throws: ImageFault; what the unpacker says of damaged data.
 */
export async function dataRange(file: Buffer, from: number, to: number, gzipped: boolean): Promise<Buffer> {
  if (!gzipped) return file.subarray(Math.min(from, file.length), Math.min(to, file.length));
  if (to > MAX_UNPACKED) throw new ImageFault(`a volume that ends at byte ${to}, above the limit of ${MAX_UNPACKED}`);
  const unpacker = createGunzip({ chunkSize: 2 ** 18 });
  unpacker.end(file);
  const kept: Buffer[] = [];
  let at = 0;
  try {
    for await (const chunk of unpacker as AsyncIterable<Buffer>) {
      if (at + chunk.length > from) kept.push(chunk.subarray(Math.max(0, from - at), Math.min(chunk.length, to - at)));
      at += chunk.length;
      if (at >= to) break;
    }
  } finally {
    unpacker.destroy();
  }
  return Buffer.concat(kept);
}
