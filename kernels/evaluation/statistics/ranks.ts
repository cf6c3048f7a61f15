/**
 * Mid-ranks of values: 1 for the smallest; equal values share the mean of their ranks.
 *
 * Values that agree in 12 significant digits are equal: 1 - 2/3 and 2/3 - 1/3 differ in their last bit only.
 * `ties` holds the size of every group of equal values, of size 1 too.
 */
export function midRanks(values: readonly number[]): { ranks: number[]; ties: number[] } {
  const rounded = values.map((value) => Number(value.toPrecision(12)));
  const order = rounded.map((_, i) => i).sort((a, b) => rounded[a] - rounded[b]);
  const ranks = new Array<number>(values.length);
  const ties: number[] = [];
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && rounded[order[to]] === rounded[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2;
    ties.push(to - from);
    from = to;
  }
  return { ranks, ties };
}
