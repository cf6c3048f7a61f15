import { linear, normal } from "../../../../onnx/build/index.ts";
import type { Float, GraphBuilder } from "../../../../onnx/build/index.ts";
import { RETRIEVAL } from "../config.ts";

/** Keeps the length of a vector of zeros from dividing by 0; the others it changes by less than they are rounded. */
const TINY = 1e-12;

/** Projects to the common space and to length 1. Shapes: pooled [batch, width]; result [batch, embedding]. */
export function embeddingHead(g: GraphBuilder, name: string, pooled: Float): Float {
  const wide = linear(g, name, pooled, RETRIEVAL.embedding, { bias: false, initialise: normal(0.1) });
  return g.div(wide, g.sqrt(g.add(g.sum(g.mul(wide, wide), -1), TINY)));
}
