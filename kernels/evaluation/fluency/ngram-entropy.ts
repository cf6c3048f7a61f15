/** Entropy of the n-grams of a text, in bits, and how many different ones there are; both 0 where there is none. */
export function ngramCounts(tokens: readonly string[], n: number): { entropy: number; distinct: number } {
  const counts = new Map<string, number>();
  const total = Math.max(0, tokens.length - n + 1);
  for (let i = 0; i < total; i++) {
    const gram = JSON.stringify(tokens.slice(i, i + n));
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / total) * Math.log2(count / total);
  // One gram alone gives -0.
  return { entropy: entropy || 0, distinct: counts.size };
}

/**
 * Weighted entropy of bigrams and trigrams: the mean of 2/3 H2 and 4/3 H3, that is H2/3 + 2 H3/3. Repetition lowers it.
 *
 * Units: bits. Null for fewer than 3 tokens, of which there is no trigram; the published code gives a number there.
 * Source: Zhang et al. 2018 and ROME (arXiv 2202.05262), "generation entropy"; MedREK reports the mean times 100.
 * Example: ngramEntropy("x x x x".split(" ")) gives 0
 */
export const ngramEntropy = (tokens: readonly string[]): number | null =>
  tokens.length < 3 ? null : officialEntropy(tokens);

/** The same without the exception for short texts: an order without n-grams counts as entropy 0. */
export const officialEntropy = (tokens: readonly string[]): number =>
  ngramCounts(tokens, 2).entropy / 3 + (2 * ngramCounts(tokens, 3).entropy) / 3;
