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

/** Keys that are taken up together: as many as stay in the processor's cache while all rows of the sum pass by. */
const BLOCK = 32;

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
      for (let from = 0; from < rows; from += BLOCK) {
        // Rows of zeros fill the last block up to a multiple of four.
        const block = new Float64Array(BLOCK * size);
        block.set(data.subarray(from * size, Math.min(from + BLOCK, rows) * size));
        addBlock(sum, block, size, Math.min(BLOCK, rows - from));
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

/** Adds the upper half of the sum of k k^T over the rows of a block, four keys for each pass over a row of the sum. */
function addBlock(sum: Float64Array, block: Float64Array, size: number, rows: number): void {
  for (let i = 0; i < size; i++)
    for (let row = 0; row < rows; row += 4) {
      const [a, b, c, d] = [row * size, (row + 1) * size, (row + 2) * size, (row + 3) * size];
      const [first, second, third, fourth] = [block[a + i], block[b + i], block[c + i], block[d + i]];
      for (let j = i, at = i * size + i; j < size; j++, at++)
        sum[at] += first * block[a + j] + second * block[b + j] + third * block[c + j] + fourth * block[d + j];
    }
}
