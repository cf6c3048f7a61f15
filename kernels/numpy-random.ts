/**
 * The random stream of numpy's `default_rng(seed)`: PCG64 (XSL-RR, 128-bit state) seeded through SeedSequence. It stands beside
 * `kernels/random.ts` because published protocols name their record order by a seed of this very stream; everything of our own uses
 * the other one.
 *
 * Sources: O'Neill 2014, "PCG: A family of simple fast space-efficient statistically good algorithms for random number generation";
 * Lemire 2019, "Fast random integer generation in an interval"; behaviour pinned by values computed with numpy.
 */
export interface NumpyRandom {
  /** State and increment of the generator, as numpy shows them. */
  readonly state: { state: bigint; inc: bigint };
  /** The list shuffled, as `Generator.shuffle` does with a list or a one-dimensional array; the argument stays as it is. */
  shuffle<T>(items: readonly T[]): T[];
  /** `count` integers in [0, k), as `Generator.integers(0, k, count)` draws them; also `choice` of k items. k from 1 to 2^32. */
  integers(k: number, count: number): number[];
  /** `count` items, as `Generator.choice(items, count)` draws them with replacement. */
  choice<T>(items: readonly T[], count: number): T[];
}

const MASK64 = (1n << 64n) - 1n;
const MASK128 = (1n << 128n) - 1n;
const MULTIPLIER = 0x2360ed051fc65da44385df649fccf645n;

/** Opens the stream of `seed`, a whole number of at least 0. Throws: RangeError. */
export function numpyRandom(seed: number): NumpyRandom {
  if (!Number.isSafeInteger(seed) || seed < 0) throw new RangeError(`seed ${seed} is not a whole number of at least 0`);
  const [a, b, c, d] = seedWords(seed);
  const inc = ((((c << 64n) | d) << 1n) | 1n) & MASK128;
  const step = (s: bigint) => (s * MULTIPLIER + inc) & MASK128;
  let state = step((step(0n) + ((a << 64n) | b)) & MASK128);

  const next64 = (): bigint => {
    state = step(state);
    const value = (state >> 64n) ^ (state & MASK64);
    const turn = state >> 122n;
    return ((value >> turn) | (value << (64n - turn))) & MASK64;
  };
  let high: number | undefined;
  /** The low half of an output first, then its high half. */
  const next32 = (): number => {
    if (high !== undefined) {
      const value = high;
      high = undefined;
      return value;
    }
    const value = next64();
    high = Number(value >> 32n);
    return Number(value & 0xffffffffn);
  };
  /** Uniform in [0, most], by masking and rejection. */
  const upTo = (most: number): number => {
    if (most === 0) return 0;
    const mask = 2 ** (32 - Math.clz32(most)) - 1;
    for (;;) {
      const value = (next32() & mask) >>> 0;
      if (value <= most) return value;
    }
  };
  /** Uniform in [0, k), by multiplication and rejection; k = 1 draws nothing. */
  const below = (k: number): number => {
    if (k === 1) return 0;
    const wide = BigInt(k);
    const threshold = (0x100000000n - wide) % wide;
    for (;;) {
      const product = BigInt(next32()) * wide;
      if ((product & 0xffffffffn) >= threshold) return Number(product >> 32n);
    }
  };
  const integers = (k: number, count: number) => {
    if (!Number.isInteger(k) || k < 1 || k > 2 ** 32) throw new RangeError(`k ${k} is not in 1 to 2^32`);
    return Array.from({ length: count }, () => below(k));
  };
  return {
    get state() {
      return { state, inc };
    },
    shuffle(items) {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = upTo(i);
        [out[i], out[j]] = [out[j], out[i]];
      }
      return out;
    },
    integers,
    choice: (items, count) => integers(items.length, count).map((i) => items[i]),
  };
}

/** numpy's SeedSequence: the four 64-bit words that PCG64 is seeded with. */
function seedWords(seed: number): bigint[] {
  const entropy = seed > 0xffffffff ? [seed >>> 0, Math.floor(seed / 2 ** 32)] : [seed];
  let hash = 0x43b0d7e5;
  const hashed = (value: number): number => {
    const mixed = value ^ hash;
    hash = Math.imul(hash, 0x931e8875);
    return xorShift(Math.imul(mixed, hash));
  };
  const pool = Array.from({ length: 4 }, (_, i) => hashed(entropy[i] ?? 0));
  for (let from = 0; from < 4; from++)
    for (let to = 0; to < 4; to++)
      if (from !== to)
        pool[to] = xorShift((Math.imul(pool[to], 0xca01f9dd) - Math.imul(hashed(pool[from]), 0x4973f715)) | 0);

  let out = 0x8b51f9dd;
  const words = Array.from({ length: 8 }, (_, i) => {
    const mixed = pool[i % 4] ^ out;
    out = Math.imul(out, 0x58f38ded);
    return BigInt(xorShift(Math.imul(mixed, out)) >>> 0);
  });
  return [0, 1, 2, 3].map((i) => words[2 * i] | (words[2 * i + 1] << 32n));
}

const xorShift = (value: number) => value ^ (value >>> 16);
