/** Marks a label position that is not scored. */
const NOT_SCORED = -100;

/** Ids of one edit's label row: -100 at the prompt's positions, then the answer's ids. */
export type LabelRow = readonly number[];

/** Corrected comparison: the same answer ids in the same order, however long the prompts are. */
export function sameAnswer(a: LabelRow, b: LabelRow): boolean {
  const [x, y] = [scored(a), scored(b)];
  return x.length === y.length && x.every((id, i) => id === y[i]);
}

/**
 * GRACE's official comparison: equal means of the rows, -100 included. Other answers with the same sum collide, and one answer behind
 * prompts of two lengths differs from itself.
 */
export const sameMean = (a: LabelRow, b: LabelRow): boolean => mean(a) === mean(b);

/** MELO's official comparison: equal sums of the answer ids. Any reordering of an answer collides with it, as do others. */
export const sameSum = (a: LabelRow, b: LabelRow): boolean => sum(scored(a)) === sum(scored(b));

const scored = (row: LabelRow) => row.filter((id) => id !== NOT_SCORED);
const sum = (row: LabelRow) => row.reduce((total, id) => total + id, 0);
// The official mean is taken in float32: two quotients may round to one number there.
const mean = (row: LabelRow) => Math.fround(sum(row) / row.length);
