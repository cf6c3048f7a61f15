/** A row of numbers as text, so that it survives JSON to the bit: base64 of little-endian float32. */
export const packRow = (row: ArrayLike<number>): string => {
  const bytes = new DataView(new ArrayBuffer(4 * row.length));
  for (let i = 0; i < row.length; i++) bytes.setFloat32(4 * i, row[i], true);
  return Buffer.from(bytes.buffer).toString("base64");
};

/** The numbers again, in double precision. */
export function unpackRow(text: string): Float64Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, "base64");
  const bytes = new DataView(buffer, byteOffset, byteLength);
  return Float64Array.from({ length: byteLength / 4 }, (_, i) => bytes.getFloat32(4 * i, true));
}
