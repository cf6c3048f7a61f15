/** The number of each pair's cluster, from 1: pairs that share an image, directly or through other pairs, are in one. */
export function pairClusters(pairs: readonly (readonly [object, object])[]): number[] {
  const parent = new Map<object, object>();
  const root = (image: object): object => {
    const above = parent.get(image);
    return above === undefined || above === image ? image : root(above);
  };
  for (const [one, two] of pairs) parent.set(root(one), root(two));
  const numbers = new Map<object, number>();
  return pairs.map(([one]) => {
    const top = root(one);
    if (!numbers.has(top)) numbers.set(top, numbers.size + 1);
    return numbers.get(top)!;
  });
}
