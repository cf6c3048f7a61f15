/**
 * Texts as unit vectors of their words, each weighted by the logarithm of how rare it is among the texts: what can be found without any
 * training. Shapes: [texts][words].
 */
export function wordVectors(texts: readonly string[]): Float32Array[] {
  const bags = texts.map((text) => new Set(text.match(/[a-z]+/g)));
  const counts = new Map<string, number>();
  for (const bag of bags) for (const word of bag) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts];
  return bags.map((bag) => {
    const weights = Float32Array.from(words, ([word, count]) => (bag.has(word) ? Math.log(texts.length / count) : 0));
    const length = Math.hypot(...weights) || 1;
    return weights.map((weight) => weight / length);
  });
}
