import type { GraphBuilder } from "../graph-builder.ts";
import { glorot, zeros } from "../initialisers.ts";
import type { Initialiser } from "../initialisers.ts";
import type { Float } from "../value.ts";

export interface LinearOptions {
  /** Whether a bias is added. Default true. */
  bias?: boolean;
  /** Fills the weight [in, out]. Default glorot. */
  initialise?: Initialiser;
}

/**
 * y = x·W + b, called `name` in the present scope ("down_proj": parameters "down_proj.weight" and "down_proj.bias").
 *
 * Shapes: x [.., in]; weight [in, out]; result [.., out].
 */
export const linear = (g: GraphBuilder, name: string, x: Float, out: number, options: LinearOptions = {}): Float =>
  g.scope(name, () => {
    const weight = g.parameter("weight", [g.fixed(x, -1, `linear ${name}`), out], options.initialise ?? glorot);
    const product = g.matMul(x, weight);
    return options.bias === false ? product : g.add(product, g.parameter("bias", [out], zeros));
  });
