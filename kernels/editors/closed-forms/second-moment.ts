import type { Tensor } from "../../tensor.ts";
import { ClosedFormError } from "./closed-form-error.ts";
import type { RealTensor } from "./tensor-matrix.ts";

/** Uncentred second moment of keys, gathered as they come: C = E[k k^T]. */
export interface SecondMoment {
  /** Takes up rows of keys [n, size]; several leading axes count as rows. */
  add(keys: RealTensor): void;
  /** Number of keys so far. */
  readonly count: number;
  /** The mean of k k^T over all keys so far, [size, size], symmetric. Throws: ClosedFormError before the first key. */
  moment(): Tensor<Float64Array>;
}

/**
 * Opens a streaming accumulator for keys of `size` values. It holds size^2 doubles, however many keys pass through.
 *
 * Cost: size^2 / 2 multiplications a key. Padding tokens are the caller's to leave out: every row counts.
 * Source: ROME (arXiv 2202.05262) section 3.1, the statistic C; uncentred, as EasyEdit's SecondMoment (reproduced).
 */
export function secondMoment(size: number): SecondMoment {
  const sum = new Float64Array(size * size);
  let count = 0;
  return {
    add({ data, dims }) {
      if (dims.at(-1) !== size)
        throw new ClosedFormError(
          `second moment: keys of ${dims.at(-1)} values where ${size} are gathered. Read them at the same site as those before.`,
        );
      const rows = data.length / size;
      // One row of the sum at a time stays in the processor's cache while all keys pass by.
      for (let i = 0; i < size; i++) {
        const at = i * size;
        for (let row = 0; row < rows; row++) {
          const value = data[row * size + i];
          if (value === 0) continue;
          const key = row * size;
          for (let j = i; j < size; j++) sum[at + j] += value * data[key + j];
        }
      }
      count += rows;
    },
    get count() {
      return count;
    },
    moment() {
      if (count === 0)
        throw new ClosedFormError("second moment: no key was added. Run it over a corpus first, or use the identity.");
      const mean = new Float64Array(size * size);
      for (let i = 0; i < size; i++)
        for (let j = i; j < size; j++) mean[i * size + j] = mean[j * size + i] = sum[i * size + j] / count;
      return { type: "float64", dims: [size, size], data: mean };
    },
  };
}
