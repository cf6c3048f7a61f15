import type { OptionLetter } from "../../../datasets/confusion-pair.ts";

/** What a reply chooses; "-" is no valid choice. */
export type Choice = OptionLetter | "-";

/** How much a reply speaks for each option. Letters give 10 and 0, a judge whole numbers from 1 to 10. */
export interface OptionScores {
  A: number;
  B: number;
}

/** Lead that one option needs where replies are scored. */
export const OFFICIAL_THRESHOLD = 3;

/**
 * The option that leads by at least `threshold`; with threshold 0 a tie is A.
 *
 * Source: MediConfusion (arXiv 2409.15477), `check_answer`.
 * Example: chooseOption({ A: 7, B: 5 }) gives "-"
 */
export function chooseOption({ A, B }: OptionScores, threshold = OFFICIAL_THRESHOLD): Choice {
  if (A >= B + threshold) return "A";
  return B >= A + threshold ? "B" : "-";
}
