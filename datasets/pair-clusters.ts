/** The number of each pair's cluster, from 1: pairs that share an image, directly or through other pairs, are in one. */
export function pairClusters<Image>(pairs: readonly (readonly [Image, Image])[]): number[] {
  const parent = new Map<Image, Image>();
  const root = (image: Image): Image => {
    for (let at = image; ;) {
      const above = parent.get(at);
      if (above === undefined || above === at) return at;
      at = above;
    }
  };
  for (const [one, two] of pairs) parent.set(root(one), root(two));
  const numbers = new Map<Image, number>();
  return pairs.map(([one]) => {
    const top = root(one);
    if (!numbers.has(top)) numbers.set(top, numbers.size + 1);
    return numbers.get(top)!;
  });
}
