import type { GraphBuilder } from "../graph-builder.ts";
import { ones, zeros } from "../initialisers.ts";
import type { Float } from "../value.ts";

/**
 * Normalises every channel of every image to mean 0 and variance 1, then scales and shifts. Parameters "<name>.weight", "<name>.bias".
 *
 * Shapes: x [batch, channels, ..]; result the same. Source: arXiv 1607.08022.
 */
export const instanceNorm = (g: GraphBuilder, name: string, x: Float, epsilon = 1e-5): Float =>
  g.scope(name, () => {
    const size = [g.fixed(x, 1, `instance norm ${name}`)];
    const inputs = [x, g.parameter("weight", size, ones), g.parameter("bias", size, zeros)];
    return g.node("InstanceNormalization", inputs, "float32", x.dims, { epsilon: { float: epsilon } });
  });
