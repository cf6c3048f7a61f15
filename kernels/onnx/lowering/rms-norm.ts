import type { TensorType } from "../../tensor.ts";
import type { LoweringBuilder } from "./lowering-builder.ts";

/**
 * x / sqrt(mean(x²) + epsilon)·scale over the last axis. In float16 the statistics are taken in float32, as the fused kernels do:
 * squares of half precision values overflow early.
 */
export function rmsNorm(
  g: LoweringBuilder,
  x: string,
  scale: string,
  epsilon: number,
  type: TensorType,
  output: string | undefined,
  inverseOutput?: string,
): void {
  const wide = type === "float16" ? "float32" : type;
  const values = wide === type ? x : g.cast(x, wide);
  const square = g.add(g.mean(g.mul(values, values)), g.scalar(epsilon, wide));
  const inverse = g.op("Reciprocal", [g.op("Sqrt", [square])], {}, inverseOutput);
  const normal = g.mul(values, inverse);
  g.mul(wide === type ? normal : g.cast(normal, type), scale, output);
}
