import { ImageFault } from "../image-fault.ts";
import type { PixelDescription } from "./pixel-description.ts";

/**
 * Decodes a run-length encoded frame (DICOM PS3.5 annex G): up to 15 segments, one for each byte of each sample, the high byte first,
 * each of them PackBits. Result: samples plane by plane, little endian.
 *
 * Throws: ImageFault where segments are missing or too short.
 */
export function runLength(bytes: Uint8Array, { rows, columns, samplesPerPixel, bitsAllocated }: PixelDescription) {
  const width = bitsAllocated / 8;
  const pixels = rows * columns;
  if (!Number.isInteger(width)) throw new ImageFault(`run-length encoding of ${bitsAllocated} bits per sample`);
  if (bytes.length < 64) throw new ImageFault("its run-length header is cut short");
  const header = new DataView(bytes.buffer, bytes.byteOffset, 64);
  const segments = header.getUint32(0, true);
  if (segments !== width * samplesPerPixel)
    throw new ImageFault(`${segments} run-length segments for ${samplesPerPixel} samples of ${bitsAllocated} bits`);
  const planes = new Uint8Array(pixels * samplesPerPixel * width);
  for (let segment = 0; segment < segments; segment++) {
    const begin = header.getUint32(4 * (segment + 1), true);
    const end = segment + 1 < segments ? header.getUint32(4 * (segment + 2), true) : bytes.length;
    if (begin < 64 || begin > end || end > bytes.length) throw new ImageFault("its run-length segments overlap");
    const plane = unpackBits(bytes.subarray(begin, end), pixels);
    const first = Math.floor(segment / width) * pixels * width + (width - 1 - (segment % width));
    for (let i = 0; i < pixels; i++) planes[first + i * width] = plane[i];
  }
  return planes;
}

/** PackBits: n < 128 copies n + 1 bytes, n > 128 repeats the next byte 257 - n times, 128 does nothing. */
function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (let i = 0; i < packed.length && at < length;) {
    const n = packed[i++];
    if (n < 128) {
      const piece = packed.subarray(i, i + n + 1).subarray(0, length - at);
      out.set(piece, at);
      at += piece.length;
      i += n + 1;
    } else if (n > 128 && i < packed.length) {
      const end = Math.min(length, at + 257 - n);
      out.fill(packed[i++], at, end);
      at = end;
    }
  }
  if (at < length) throw new ImageFault(`a run-length segment gives ${at} of ${length} bytes`);
  return out;
}
