import type { GraphBuilder } from "../graph-builder.ts";
import { ones, zeros } from "../initialisers.ts";
import type { Float } from "../value.ts";

/** Normalises the last axis to mean 0 and variance 1, then scales and shifts. Parameters "<name>.weight", "<name>.bias". */
export const layerNorm = (g: GraphBuilder, name: string, x: Float, epsilon = 1e-5): Float =>
  g.scope(name, () => {
    const size = [g.fixed(x, -1, `layer norm ${name}`)];
    const inputs = [x, g.parameter("weight", size, ones), g.parameter("bias", size, zeros)];
    return g.node("LayerNormalization", inputs, "float32", x.dims, { axis: -1, epsilon: { float: epsilon } });
  });
