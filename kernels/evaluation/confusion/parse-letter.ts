import type { OptionLetter } from "../../../datasets/confusion-pair.ts";
import type { OptionScores } from "./choice.ts";

/** Spellings of a letter that count as the letter, with L in its place. */
const SPELLINGS = ["L", "L:", ".L", ".L:", "L.", 'L")', '("L":', '("L")', '("L").'];

/**
 * Reads a multiple-choice reply by the published rule: a letter is found where a word between single spaces is one of its nine spellings.
 * Case-sensitive, blind to grammar ("A brain MRI" is A, "(A)" is nothing); `readLetter` mends that.
 *
 * Units: 10 for the one letter found, otherwise 0 for both. A reply that never came (null) is no choice.
 * Source: MediConfusion (arXiv 2409.15477), `clean_up_manual`.
 */
export function parseLetter(reply: string | null): OptionScores {
  const words = new Set((reply ?? "").replaceAll("\n", " ").split(" "));
  const found = (letter: OptionLetter) => SPELLINGS.some((spelling) => words.has(spelling.replace("L", letter)));
  const [a, b] = [found("A"), found("B")];
  return { A: a && !b ? 10 : 0, B: b && !a ? 10 : 0 };
}
