import { expect } from "chai";
import type { TensorData } from "../../../kernels/tensor.ts";

/**
 * Bounds on the relative error |got - wanted| / |wanted| (largest absolute values of the whole tensor). One place, so that they are
 * reviewed and not buried.
 */
export const BOUNDS = {
  /** Central differences in float64, step 1e-5: truncation and rounding both stay near 1e-9. */
  differenceFloat64: 1e-7,
  /** Central differences in float32, step 1e-2, for operators without a float64 kernel: rounding 1e-7 / 1e-2 and truncation 1e-4 / 6. */
  differenceFloat32: 5e-4,
  /** The same gradient in float32 and float64. */
  float32: 1e-5,
  /** Gradients of a whole float32 model against PyTorch; about 1e-6 is expected. */
  pytorch: 1e-4,
  /** Outputs of a small float32 model against PyTorch in float64, absolute: the bound that its authors give. */
  familyOutput: 2e-5,
  /** Gradients likewise, relative to the tensor's largest element or a thousandth of the case's largest. */
  familyGradient: 2e-4,
  /** Numeric slopes of a 4-bit graph in float32 against its gradient; its authors saw 1.3e-4. */
  numericQuantised: 3e-4,
  /** Slopes of the staircase that int8 activations make against the straight-through gradient; its authors saw 0.29. */
  staircase: 0.3,
  /** Gradients of a whole model in float32 against the same in float64. */
  modelFloat32: 1e-5,
  /** Directional derivative of a whole model in float64 against central differences, step 1e-4. */
  model: 1e-7,
  /** Output of one lowered operator against the fused one: other order of sums, of up to 40 terms of size 10. */
  lowered: 1e-5,
  /** The same in half precision, 10 bits of mantissa and a few roundings more or less. */
  half: 5e-3,
  /** Directional derivative in float32 against extrapolated central differences of a fused operator, which has no float64 kernel. */
  differenceFused: 2e-3,
  /** Logits of a whole float32 model, computed in two orders of summation. */
  logits: 1e-5,
  /** Outputs, losses and gradients on WebGPU against PyTorch: other orders of summation and the driver's own exp and tanh. */
  webgpu: 1e-3,
  /** Outputs of a float32 model under edits at all projections, as side inputs and merged into the weights: rounding through all layers. */
  merged: 1e-5,
  /** The same where activations are rounded to 8 bits in between: steps of 1/255 more or less at every product; 0.035 was seen. */
  mergedSteps: 6e-2,
  /** Gradients in half precision against float32, through a whole decoder. */
  halfModel: 3e-2,
} as const;

export type Bound = keyof typeof BOUNDS;

export const largest = (values: readonly number[]): number =>
  values.reduce((max, value) => Math.max(max, Math.abs(value)), 0);

/**
 * Relative error of two equally long lists; of a zero list, the absolute error. NaN anywhere gives NaN, which no bound admits.
 * `scale` replaces |wanted| where the wanted values are zero but for rounding.
 */
export function relativeError(
  got: TensorData | readonly number[],
  wanted: TensorData | readonly number[],
  scale?: number,
): number {
  const a = Array.from(got as Iterable<number>, Number);
  const b = Array.from(wanted as Iterable<number>, Number);
  if (a.length !== b.length) return NaN;
  const differences = a.map((value, i) => Math.abs(value - b[i]));
  if (differences.some(Number.isNaN)) return NaN;
  return largest(differences) / (scale ?? (largest(b) || 1));
}

export function expectNear(
  got: TensorData | readonly number[],
  wanted: TensorData | readonly number[],
  bound: Bound,
  what: string,
  scale?: number,
): void {
  expect(got.length, `${what}: number of values`).to.equal(wanted.length);
  const error = relativeError(got, wanted, scale);
  expect(error <= BOUNDS[bound], `${what}: relative error ${error} exceeds ${BOUNDS[bound]} (${bound})`).to.equal(true);
}
