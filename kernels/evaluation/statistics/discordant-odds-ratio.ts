import { clopperPearson } from "./clopper-pearson.ts";

/**
 * Odds ratio of discordant pairs, `onlyA / onlyB`, with its exact conditional interval.
 *
 * Infinity where only A is ever right alone; null where no pair is discordant, because then nothing is known.
 * Source: Breslow and Day 1980, section 5.2 (matched pairs); interval: Clopper-Pearson of onlyA / (onlyA + onlyB), turned into odds.
 */
export function discordantOddsRatio(
  onlyA: number,
  onlyB: number,
  { level = 0.95 } = {},
): { ratio: number; ci: [number, number] } | null {
  if (onlyA + onlyB === 0) return null;
  const odds = (p: number) => (p >= 1 ? Infinity : p / (1 - p));
  const [low, high] = clopperPearson(onlyA, onlyA + onlyB, { level });
  return { ratio: onlyB === 0 ? Infinity : onlyA / onlyB, ci: [odds(low), odds(high)] };
}
