import type { DicomFrame } from "./read-dicom.ts";
import type { PixelDescription } from "./pixel-description.ts";

export type Samples =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

/** Numbers of the stored samples: bytes put in order, bits beside the sample (overlays) removed, signs extended. */
export function storedSamples({ bytes, pixels, littleEndian, words, bitOffset }: DicomFrame): Samples {
  if (pixels.bitsAllocated === 1) return unpacked(bytes, bitOffset, pixels.rows * pixels.columns);
  return onlyStored(numbers(bytes, pixels, littleEndian, words), pixels);
}

/** One bit per pixel, the lowest first (PS3.5 8.1.1). */
function unpacked(bytes: Uint8Array, offset: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (bytes[(offset + i) >> 3] >> ((offset + i) & 7)) & 1);
}

function numbers(
  bytes: Uint8Array,
  { bitsAllocated, kind }: PixelDescription,
  littleEndian: boolean,
  words: boolean,
): Samples {
  const width = bitsAllocated / 8;
  // A copy: typed arrays must begin at a multiple of their width.
  const { buffer } = new Uint8Array(bytes.subarray(0, bytes.length - (bytes.length % width)));
  const swapped = width === 1 && words ? 16 : bitsAllocated;
  if (!littleEndian && swapped > 8)
    Buffer.from(buffer, 0, buffer.byteLength - (buffer.byteLength % (swapped / 8)))[`swap${swapped as 16 | 32 | 64}`]();
  if (kind === "float") return bitsAllocated === 64 ? new Float64Array(buffer) : new Float32Array(buffer);
  const signed = kind === "signed";
  if (width === 1) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (width === 2) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}

function onlyStored(samples: Samples, { bitsAllocated, bitsStored, highBit, kind }: PixelDescription): Samples {
  if (kind === "float" || bitsStored === bitsAllocated) return samples;
  const left = 31 - highBit;
  const right = 32 - bitsStored;
  for (let i = 0; i < samples.length; i++)
    samples[i] = kind === "signed" ? (samples[i] << left) >> right : (samples[i] << left) >>> right;
  return samples;
}
