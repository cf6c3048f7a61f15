/**
 * The ids of the k largest logits of one row, best first; equal logits keep the order of their ids. [min(k, vocabulary)]
 *
 * One pass, without sorting the vocabulary: a sequence has many rows and a vocabulary many ids.
 */
export function topIds(row: Float32Array, k: number): number[] {
  const size = Math.min(k, row.length);
  const ids: number[] = [];
  for (let id = 0; id < row.length; id++) {
    if (ids.length === size && !(row[id] > row[ids[size - 1]])) continue;
    let at = ids.length < size ? ids.length : size - 1;
    for (; at > 0 && row[id] > row[ids[at - 1]]; at--) ids[at] = ids[at - 1];
    ids[at] = id;
  }
  return ids;
}
