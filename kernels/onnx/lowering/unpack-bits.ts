/** The first `count` values of 2, 4 or 8 bits, lowest bits of each byte first. */
export function unpackBits(bytes: Uint8Array, bits: number, count: number): Int32Array {
  const each = 8 / bits;
  const mask = (1 << bits) - 1;
  return Int32Array.from({ length: count }, (_, i) => (bytes[Math.floor(i / each)] >> ((i % each) * bits)) & mask);
}
