import type { DataSet, Element } from "dicom-parser";
import { ImageFault } from "../image-fault.ts";
import type { PixelDescription } from "./pixel-description.ts";

const END_OF_IMAGE = [0xff, 0xd9];

/** Bits of one uncompressed frame. Two pixels of a 4:2:2 colour share their chrominance. */
export function frameBits({ rows, columns, samplesPerPixel, bitsAllocated, photometric }: PixelDescription): number {
  return rows * columns * bitsAllocated * (photometric.endsWith("_422") ? 2 : samplesPerPixel);
}

/** Bytes of an uncompressed frame, and how many bits before it they begin. Throws: ImageFault where they are missing. */
export function nativeFrame(set: DataSet, element: Element, pixels: PixelDescription, frame: number) {
  const bits = frameBits(pixels);
  const begin = Math.floor((frame * bits) / 8);
  const end = Math.ceil(((frame + 1) * bits) / 8);
  const held = Math.max(0, Math.min(element.length, set.byteArray.length - element.dataOffset));
  if (element.hadUndefinedLength || end > held)
    throw new ImageFault(`its pixel data are cut short: ${held} bytes, of which frame ${frame} ends at byte ${end}`);
  const bytes = set.byteArray.subarray(element.dataOffset + begin, element.dataOffset + end);
  return { bytes, bitOffset: (frame * bits) % 8 };
}

/**
 * Bytes of a compressed frame: its fragments joined (PS3.5 A.4). Which they are says the basic offset table; without one, one fragment
 * is one frame, or a frame ends where a fragment ends an image.
 *
 * Throws: ImageFault where fragments are missing.
 */
export function encapsulatedFrame(set: DataSet, element: Element, frames: number, frame: number): Uint8Array {
  const fragments = element.fragments ?? [];
  if (fragments.length < frames)
    throw new ImageFault(`its pixel data are ${fragments.length} fragments for ${frames} frames`);
  const parts = fragments.map(({ offset, position, length }) => {
    if (position + length > set.byteArray.length) throw new ImageFault("its last fragment is cut short");
    return { offset, bytes: set.byteArray.subarray(position, position + length) };
  });
  const [first, end] = range(parts, element.basicOffsetTable ?? [], frames, frame);
  const chosen = parts.slice(first, end).map(({ bytes }) => bytes);
  if (chosen.length === 0) throw new ImageFault(`its offset table leads to no fragment for frame ${frame}`);
  return new Uint8Array(Buffer.concat(chosen));
}

function range(
  parts: { offset: number; bytes: Uint8Array }[],
  table: number[],
  frames: number,
  frame: number,
): [first: number, end: number] {
  if (frames === 1) return [0, parts.length];
  if (parts.length === frames) return [frame, frame + 1];
  if (table.length === frames) {
    const at = (offset: number) => parts.findIndex((part) => part.offset === offset);
    return [at(table[frame]), frame + 1 < frames ? at(table[frame + 1]) : parts.length];
  }
  const ends = parts.flatMap(({ bytes }, i) => (endsImage(bytes) ? [i + 1] : []));
  if (ends.length !== frames) throw new ImageFault(`its pixel data do not show where each of ${frames} frames begins`);
  return [frame ? ends[frame - 1] : 0, ends[frame]];
}

/** Whether a fragment ends with the marker that ends an image; one byte may follow, to make its length even. */
function endsImage(bytes: Uint8Array): boolean {
  const ends = (at: number) => END_OF_IMAGE.every((value, i) => bytes[at + i] === value);
  return ends(bytes.length - 2) || ends(bytes.length - 3);
}
