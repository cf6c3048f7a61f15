import { splitSentences } from "./split-sentences.ts";
import { treebankTokens } from "./treebank-tokens.ts";

/**
 * The words of a text as NLTK's `word_tokenize` gives them for English: sentences first, then words.
 *
 * Written here because no library agrees: natural's Treebank tokenizer lacks sentences and quotes, and the npm port of Punkt takes digits
 * for capitals; only that port's parameters are used.
 */
export async function wordTokens(text: string): Promise<string[]> {
  const { englishParameters } = await import("./punkt-parameters.ts");
  return splitSentences(text, englishParameters).flatMap(treebankTokens);
}
