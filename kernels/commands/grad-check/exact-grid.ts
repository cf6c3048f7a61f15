/** Smallest step of the ladder, as a power of two: the finest perturbation is 2^-FINEST of a direction. */
export const FINEST = 16;

/**
 * Rounds values and directions so that value ± direction·2^-k is exact in float32 for k up to FINEST (fewer where a few values are far
 * larger than the rest): what is differenced then is the direction itself, not the direction as float32 happened to round it.
 *
 * Values move by no more than the rounding error of the largest of them, directions by at most a sixteenth of `scale`, their size.
 */
export function exactGrid(values: Float32Array, scale: number) {
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 8 * scale);
  // One unit in the last place of the largest number that can occur, with room for the sum to reach the next power of two.
  const unit = 2 ** (Math.floor(Math.log2(largest)) + 1 - 23);
  const coarse = Math.min(unit * 2 ** FINEST, 2 ** Math.floor(Math.log2(scale / 8)));
  const snap = (numbers: Float32Array, grid: number) => numbers.map((number) => Math.round(number / grid) * grid);
  return {
    values: snap(values, unit),
    direction: (numbers: Float32Array) => snap(numbers, coarse),
  };
}
