/** One value after the other, whatever they are stored in: a copy of billions of 4-bit values as numbers would fill the memory. */
export type Values = (i: number) => number;

export const valuesOf =
  (list: ArrayLike<number>): Values =>
  (i) =>
    list[i];

/** Values of 2, 4 or 8 bits, lowest bits of each byte first. */
export function unpackBits(bytes: Uint8Array, bits: number): Values {
  const each = 8 / bits;
  const mask = (1 << bits) - 1;
  return (i) => (bytes[Math.floor(i / each)] >> ((i % each) * bits)) & mask;
}
