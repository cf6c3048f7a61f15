import { normalQuantile } from "./normal.ts";

export interface PowerOptions {
  /** Two-sided error of the first kind. Default 0.05. */
  alpha?: number;
  /** Chance of finding the difference. Default 0.8. */
  power?: number;
}

/**
 * The smallest difference of two success rates that McNemar's test on `n` pairs finds with the given power.
 *
 * `discordant` is the share of pairs in which exactly one editor is right; a difference cannot be larger, so where not even
 * that would be found the result is null. Units: fractions.
 * Source: Connor 1987, "Sample size for testing differences in proportions for the paired-sample design", solved for the difference.
 */
export function detectablePaired(
  { n, discordant }: { n: number; discordant: number },
  options: PowerOptions = {},
): number | null {
  const { zAlpha, zPower } = factors(options);
  const needed = (d: number) =>
    ((zAlpha * Math.sqrt(discordant) + zPower * Math.sqrt(Math.max(0, discordant - d * d))) / d) ** 2;
  return smallest(needed, n, discordant);
}

/**
 * The smallest difference from a success rate `base` that two independent groups of `n` cases each show with the given power;
 * null where not even the largest would be found. Units: fractions. Of the two directions the harder one counts, unless it has no room.
 *
 * Source: Fleiss, Levin and Paik 2003, equation 4.14 (without continuity correction), solved for the difference.
 */
export function detectableUnpaired(
  { n, base }: { n: number; base: number },
  options: PowerOptions = {},
): number | null {
  const { zAlpha, zPower } = factors(options);
  const needed = (sign: number) => (d: number) => {
    const other = base + sign * d;
    const middle = (base + other) / 2;
    const spread = Math.max(0, base * (1 - base) + other * (1 - other));
    return ((zAlpha * Math.sqrt(2 * middle * (1 - middle)) + zPower * Math.sqrt(spread)) / d) ** 2;
  };
  const found = [smallest(needed(1), n, 1 - base), smallest(needed(-1), n, base)].filter((d) => d !== null);
  return found.length ? Math.max(...found) : null;
}

/**
 * The smallest mean difference that `n` differences with this standard deviation show with the given power, normal approximation.
 * For two independent groups of n, pass the deviation of one value times the square root of 2.
 */
export function detectableMean({ n, deviation }: { n: number; deviation: number }, options: PowerOptions = {}): number {
  const { zAlpha, zPower } = factors(options);
  return ((zAlpha + zPower) * deviation) / Math.sqrt(n);
}

const factors = ({ alpha = 0.05, power = 0.8 }: PowerOptions) => ({
  zAlpha: normalQuantile(1 - alpha / 2),
  zPower: normalQuantile(power),
});

/** The smallest d in (0, most] for which `needed(d)` cases are at most n; `needed` falls with d. */
function smallest(needed: (d: number) => number, n: number, most: number): number | null {
  if (!(most > 0) || needed(most) > n) return null;
  let [low, high] = [0, most];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (needed(middle) > n) low = middle;
    else high = middle;
  }
  return high;
}
