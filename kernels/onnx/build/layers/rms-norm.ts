import type { GraphBuilder } from "../graph-builder.ts";
import { ones } from "../initialisers.ts";
import type { Float } from "../value.ts";

/** Divides the last axis by its root mean square, then scales. Parameter "<name>.weight". Source: arXiv 1910.07467 (reproduced). */
export const rmsNorm = (g: GraphBuilder, name: string, x: Float, epsilon = 1e-6): Float =>
  g.scope(name, () => {
    const weight = g.parameter("weight", [g.fixed(x, -1, `rms norm ${name}`)], ones);
    const root = g.sqrt(g.add(g.mean(g.mul(x, x), -1), epsilon));
    return g.mul(weight, g.mul(x, g.reciprocal(root)));
  });
