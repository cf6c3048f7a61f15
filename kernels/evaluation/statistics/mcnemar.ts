import { binomialCdf } from "./binomial.ts";

/**
 * Two-sided p of the exact McNemar test: whether two editors that judge the same cases right or wrong differ.
 *
 * Only discordant pairs count: `onlyA` where A alone is right, `onlyB` where B alone is. Without any, p is 1. Pairs must be independent.
 * Source: McNemar 1947; exact form: the binomial test of `onlyA` out of `onlyA + onlyB` at one half, the smaller tail doubled, at most 1.
 * Example: mcnemarExact(1, 9) === 0.021484375
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  return Math.min(1, 2 * binomialCdf(Math.min(onlyA, onlyB), onlyA + onlyB, 0.5));
}
