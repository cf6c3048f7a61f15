import { GraphBuilder } from "../graph-builder.ts";
import type { BuilderOptions, BuiltModel } from "../graph-core.ts";
import { ACTIVATIONS } from "../layers/activations.ts";
import type { Activation } from "../layers/activations.ts";
import { linear } from "../layers/linear.ts";

export interface MlpConfig {
  /** Sizes of input, hidden layers and output: [2, 16, 3]. */
  sizes: readonly number[];
  /** Between layers; none after the last. Default "gelu". */
  activation?: Activation;
}

/** A multi-layer perceptron. Input `x` [batch, in]; output `y` [batch, out]; layers are called layers.0, layers.1 … */
export function mlp({ sizes, activation = "gelu" }: MlpConfig, options?: BuilderOptions): BuiltModel {
  const g = new GraphBuilder(options);
  let x = g.input("x", "float32", ["batch_size", sizes[0]]);
  sizes.slice(1).forEach((size, i) => {
    x = linear(g, `layers.${i}`, x, size);
    if (i < sizes.length - 2) x = ACTIVATIONS[activation](g, x);
  });
  g.output("y", x);
  return g.finish();
}
