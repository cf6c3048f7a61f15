/** Lower case, every run of other characters than ASCII letters and digits one space, trimmed: wordings that differ in nothing else are equal. */
export const fold = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^0-9a-z]+/g, " ")
    .trim();

/** Finds the text that shares most words with another: |A and B| / |A or B| over the sets of folded words (Jaccard 1912). */
export class WordIndex {
  private readonly texts: Set<string>[];
  private readonly holding = new Map<string, number[]>();

  constructor(texts: readonly string[]) {
    this.texts = texts.map(wordsOf);
    this.texts.forEach((words, i) => {
      for (const word of words) {
        const list = this.holding.get(word);
        if (list) list.push(i);
        else this.holding.set(word, [i]);
      }
    });
  }

  /** Similarity of the nearest text, 0 to 1. */
  nearest(text: string): number {
    const words = wordsOf(text);
    const shared = new Map<number, number>();
    for (const word of words) for (const i of this.holding.get(word) ?? []) shared.set(i, (shared.get(i) ?? 0) + 1);
    let best = 0;
    for (const [i, both] of shared) best = Math.max(best, both / (words.size + this.texts[i].size - both));
    return best;
  }
}

const wordsOf = (text: string) => new Set(fold(text).split(" ").filter(Boolean));
