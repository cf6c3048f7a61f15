import { answerForm } from "./answer-form.ts";

/**
 * Share of the wanted answer's words that were said, each as often as it is wanted. Lenient: saying more costs nothing.
 *
 * Units: fraction in [0, 1]. Words are runs of letters and digits; a Chinese character is a word. Null for a wanted answer without words.
 * Source: "recall" of open answers in medical visual question answering papers; a column of its own, never averaged with exact match.
 */
export function tokenRecall(said: string, wanted: string): number | null {
  const needed = words(wanted);
  if (needed.length === 0) return null;
  const left = new Map<string, number>();
  for (const word of words(said)) left.set(word, (left.get(word) ?? 0) + 1);
  const found = needed.filter((word) => {
    const count = left.get(word) ?? 0;
    left.set(word, count - 1);
    return count > 0;
  });
  return found.length / needed.length;
}

const words = (text: string): string[] =>
  answerForm(text).match(/\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? [];
