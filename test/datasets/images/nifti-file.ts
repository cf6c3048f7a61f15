import { gzipSync } from "node:zlib";

export interface NiftiParts {
  /** Voxels along each axis; a fourth is the number of volumes. */
  size: number[];
  /** Data type code and the bytes of one value: [4, 2] is int16. */
  type?: [code: number, bytes: 1 | 2 | 4 | 8];
  values: number[];
  /** Rows of the affine (sform). */
  affine?: number[][];
  littleEndian?: boolean;
  slope?: number;
  intercept?: number;
  calibration?: [number, number];
  version?: 1 | 2;
  gzip?: boolean;
  description?: string;
}

const RAS = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0, 0, 1, 0],
];

/** Writes a NIfTI-1 (nifti1.h) or NIfTI-2 (nifti2.h) file for tests. */
export function niftiFile(parts: NiftiParts): Buffer {
  const { size, type = [2, 1], values, affine = RAS, littleEndian: little = true, version = 1, gzip = false } = parts;
  const offset = version === 1 ? 352 : 544;
  const bytes = Buffer.alloc(offset + values.length * type[1]);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = version === 1;
  const dims = [size.length, ...size, ...Array<number>(7 - size.length).fill(1)];
  const real = (at: number, value: number) =>
    first ? view.setFloat32(at, value, little) : view.setFloat64(at, value, little);
  view.setInt32(0, first ? 348 : 540, little);
  dims.forEach((length, i) =>
    first ? view.setInt16(40 + 2 * i, length, little) : view.setBigInt64(16 + 8 * i, BigInt(length), little),
  );
  view.setInt16(first ? 70 : 12, type[0], little);
  view.setInt16(first ? 72 : 14, type[1] * 8, little);
  for (let i = 0; i < 8; i++) real(first ? 76 + 4 * i : 104 + 8 * i, 1);
  if (first) real(108, offset);
  else view.setBigInt64(168, BigInt(offset), little);
  real(first ? 112 : 176, parts.slope ?? 0);
  real(first ? 116 : 184, parts.intercept ?? 0);
  real(first ? 124 : 192, parts.calibration?.[1] ?? 0);
  real(first ? 128 : 200, parts.calibration?.[0] ?? 0);
  bytes.write(parts.description ?? "", first ? 148 : 240, 79, "latin1");
  if (first) view.setInt16(254, 1, little);
  else view.setInt32(348, 1, little);
  affine.flat().forEach((value, i) => real(first ? 280 + 4 * i : 400 + 8 * i, value));
  bytes.write(first ? "n+1\0" : "n+2\0", first ? 344 : 4, "latin1");
  const set = { 1: "setUint8", 2: "setInt16", 4: "setFloat32", 8: "setFloat64" } as const;
  values.forEach((value, i) => view[set[type[1]]](offset + i * type[1], value, little));
  return gzip ? gzipSync(bytes) : bytes;
}
