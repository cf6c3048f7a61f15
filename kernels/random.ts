import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";

/** A seeded stream of random numbers. The same seed gives the same stream on every machine. */
export interface Random {
  /** An integer in [0, n). */
  below(n: number): number;
  /** A number in [low, high), in steps of 2^-30 of the interval. */
  between(low: number, high: number): number;
  /** True in `share` of all draws (0 to 1). */
  chance(share: number): boolean;
  /** One element of a non-empty list. */
  pick<T>(items: readonly T[]): T;
  /** A shuffled copy (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[];
}

const RESOLUTION = 2 ** 30;

/** Opens the stream of `seed` (an integer). */
export function random(seed: number): Random {
  const generator = xoroshiro128plus(mix(seed));
  const below = (n: number) => uniformInt(generator, 0, n - 1);
  const unit = () => below(RESOLUTION) / RESOLUTION;
  return {
    below,
    between: (low, high) => low + (high - low) * unit(),
    chance: (share) => unit() < share,
    pick: (items) => items[below(items.length)],
    shuffle: (items) => {
      const out = [...items];
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [out[i], out[j]] = [out[j], out[i]];
      }
      return out;
    },
  };
}

/** MurmurHash3's finaliser: the generator's first draws move in step with its seed, so neighbouring seeds would draw alike. */
function mix(seed: number): number {
  let h = seed | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16) ^ 0x9e3779b9;
}
