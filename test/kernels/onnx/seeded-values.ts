import { random } from "../../../kernels/random.ts";
import type { Tensor } from "../../../kernels/tensor.ts";

/** Values in [-scale, scale), the same for the same seed, in float32 or float64. */
export function seededValues(
  type: "float32" | "float64",
  dims: readonly number[],
  scale: number,
  seed: number,
): Tensor {
  const stream = random(seed);
  const values = Float64Array.from(
    { length: dims.reduce((total, size) => total * size, 1) },
    () => scale * ((2 * stream.below(1_000_003)) / 1_000_003 - 1),
  );
  return { type, dims, data: type === "float64" ? values : Float32Array.from(values) };
}
