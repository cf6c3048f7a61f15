import { Matrix } from "ml-matrix";
import { expect } from "chai";
import { secondMoment } from "../../../../kernels/editors/closed-forms/second-moment.ts";
import { random } from "../../../../kernels/random.ts";
import { float32, type Tensor } from "../../../../kernels/tensor.ts";

/** Seeded rows [n, size], uniform in [-1, 1). */
export function seededRows(n: number, size: number, seed: number): Tensor<Float32Array> {
  const stream = random(seed);
  return float32(
    Float32Array.from({ length: n * size }, () => stream.between(-1, 1)),
    [n, size],
  );
}

/** A positive definite second moment of twice as many seeded keys as they have values. */
export function seededMoment(size: number, seed: number): Tensor<Float64Array> {
  const gathered = secondMoment(size);
  gathered.add(seededRows(2 * size, size, seed));
  return gathered.moment();
}

/** Every entry within `tolerance` times the largest magnitude of what is wanted. */
export function expectNear(got: Matrix, wanted: Matrix, tolerance: number): void {
  expect([got.rows, got.columns]).to.deep.equal([wanted.rows, wanted.columns]);
  const scale = Math.max(1e-12, ...Matrix.abs(wanted).to1DArray());
  const worst = Math.max(...Matrix.sub(got, wanted).abs().to1DArray());
  expect(worst / scale, `largest difference ${worst} where values reach ${scale}`).to.be.below(tolerance);
}

/** The message of the error that work throws. */
export function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
}
