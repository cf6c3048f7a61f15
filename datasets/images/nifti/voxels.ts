import type { VolumeHeader, VoxelType } from "./header.ts";

const ARRAYS = {
  Uint8: Uint8Array,
  Int8: Int8Array,
  Uint16: Uint16Array,
  Int16: Int16Array,
  Uint32: Uint32Array,
  Int32: Int32Array,
  Float32: Float32Array,
  Float64: Float64Array,
  BigInt64: BigInt64Array,
  BigUint64: BigUint64Array,
} satisfies Record<VoxelType["read"], unknown>;

/** Values of one volume in the units of the file, the first axis fastest. Colour voxels give three values each. */
export function volumeValues(bytes: Buffer, { type, littleEndian, slope, intercept }: VolumeHeader): Float32Array {
  // A copy: typed arrays must begin at a multiple of their width, and the file's bytes stay as they are.
  const { buffer } = new Uint8Array(bytes);
  if (!littleEndian && type.bytes > 1) Buffer.from(buffer)[`swap${(type.bytes * 8) as 16 | 32 | 64}`]();
  const stored = new ARRAYS[type.read](buffer);
  const values = new Float32Array(stored.length);
  for (let i = 0; i < values.length; i++) values[i] = Number(stored[i]) * slope + intercept;
  return values;
}
