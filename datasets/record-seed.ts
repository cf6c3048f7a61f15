/**
 * A seed for one record of a run, so that a record keeps its draws whatever was drawn before it.
 *
 * Mixed by MurmurHash3's finaliser: the generator's first draw moves in step with its seed, so neighbouring records would otherwise
 * draw neighbouring targets.
 */
export function recordSeed(seed: number, record: number): number {
  let h = Math.imul(seed, 0x9e3779b1) ^ record;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
