import type { GraphBuilder } from "../graph-builder.ts";
import type { Float } from "../value.ts";

/** x·σ(x). Source: arXiv 1606.08415, section 4 (SiLU). */
export const silu = (g: GraphBuilder, x: Float): Float => g.mul(x, g.sigmoid(x));

/** x·Φ(x) with the exact normal distribution. Source: arXiv 1606.08415, section 2 (reproduced). */
export const gelu = (g: GraphBuilder, x: Float): Float => g.mul(g.mul(x, g.add(g.erf(g.div(x, Math.SQRT2)), 1)), 0.5);

/**
 * GELU with tanh in place of the normal distribution, as GPT-2 and SigLIP use it, in the form that ONNX Runtime fuses.
 *
 * Source: arXiv 1606.08415, section 2 (reproduced).
 */
export const geluTanh = (g: GraphBuilder, x: Float): Float => {
  const inner = g.mul(g.add(x, g.mul(g.pow(x, 3), 0.044715)), Math.sqrt(2 / Math.PI));
  return g.mul(g.mul(x, 0.5), g.add(g.tanh(inner), 1));
};

export const ACTIVATIONS = {
  gelu,
  "gelu-tanh": geluTanh,
  relu: (g: GraphBuilder, x: Float) => g.relu(x),
  silu,
  tanh: (g: GraphBuilder, x: Float) => g.tanh(x),
};
export type Activation = keyof typeof ACTIVATIONS;
