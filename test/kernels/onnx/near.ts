import { expect } from "chai";
import type { TensorData } from "../../../kernels/tensor.ts";

/**
 * Bounds on the relative error |got - wanted| / |wanted| (largest absolute values of the whole tensor). One place, so that they are
 * reviewed and not buried.
 */
export const BOUNDS = {
  /** Central differences in float64, step 1e-5: truncation and rounding both stay near 1e-9. */
  differenceFloat64: 1e-6,
  /** Central differences in float32, step 1e-2, for operators without a float64 kernel: rounding alone is about 1e-5 / 1e-2. */
  differenceFloat32: 3e-3,
  /** The same gradient in float32 and float64. */
  float32: 2e-5,
  /** Gradients of a whole float32 model against PyTorch. */
  pytorch: 1e-4,
  /** Directional derivative of a whole model in float64 against central differences. */
  model: 1e-4,
  /** Logits of a whole float32 model, computed in two orders of summation. */
  logits: 1e-5,
} as const;

const largest = (values: readonly number[]) => values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/** Relative error of two equally long lists; of a zero list, the absolute error. NaN anywhere gives NaN, which no bound admits. */
export function relativeError(got: TensorData | readonly number[], wanted: TensorData | readonly number[]): number {
  const a = Array.from(got as Iterable<number>, Number);
  const b = Array.from(wanted as Iterable<number>, Number);
  if (a.length !== b.length) return NaN;
  const differences = a.map((value, i) => Math.abs(value - b[i]));
  if (differences.some(Number.isNaN)) return NaN;
  return largest(differences) / (largest(b) || 1);
}

export function expectNear(
  got: TensorData | readonly number[],
  wanted: TensorData | readonly number[],
  bound: keyof typeof BOUNDS,
  what: string,
): void {
  expect(got.length, `${what}: number of values`).to.equal(wanted.length);
  const error = relativeError(got, wanted);
  expect(error <= BOUNDS[bound], `${what}: relative error ${error} exceeds ${BOUNDS[bound]} (${bound})`).to.equal(true);
}
