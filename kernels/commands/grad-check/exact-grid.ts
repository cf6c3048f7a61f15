/** Steps of differences: 2^-coarsest down to 2^-finest, relative to the size of the values. */
export interface Ladder {
  coarsest: number;
  finest: number;
}

/** The largest of normal numbers, in standard deviations, but for one in a hundred million. */
const TALLEST = 6;

/**
 * Rounds values and directions so that value ± direction·2^-k is exact in float32 for every step of the ladder (fewer where a few
 * values are far larger than the rest): what is differenced then is the direction itself, not the direction as float32 rounds it.
 *
 * Values move by no more than the rounding error of the largest sum, directions by at most a sixteenth of `scale`, their size.
 */
export function exactGrid(values: Float32Array, scale: number, { coarsest, finest }: Ladder) {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 0) + TALLEST * scale * 2 ** -coarsest;
  // One unit in the last place of the largest sum.
  const unit = 2 ** (Math.floor(Math.log2(largest)) - 23);
  const coarse = Math.max(unit, Math.min(unit * 2 ** finest, 2 ** Math.floor(Math.log2(scale / 8))));
  const snap = (numbers: Float32Array, grid: number) => numbers.map((number) => Math.round(number / grid) * grid);
  return {
    values: snap(values, unit),
    direction: (numbers: Float32Array) => snap(numbers, coarse),
  };
}
