import { attention, geluTanh, layerNorm, linear, normal } from "../../../../onnx/build/index.ts";
import type { AttentionOptions, Float, GraphBuilder } from "../../../../onnx/build/index.ts";

const SMALL = { initialise: normal(0.02) };

/**
 * The layers of the text tower: attention and a feed-forward part, each on what a layer norm makes of its input, and a layer norm at the end.
 *
 * Shapes: x [batch, places, width]; result the same.
 */
export function towerLayers(
  g: GraphBuilder,
  x: Float,
  { layers, heads, inner }: { layers: number; heads: number; inner: number },
  seen: Pick<AttentionOptions, "mask" | "rotary"> = {},
): Float {
  const width = g.fixed(x, -1, "tower");
  for (let layer = 0; layer < layers; layer++)
    g.scope(`layers.${layer}`, () => {
      x = g.add(x, attention(g, layerNorm(g, "layer_norm1", x), { heads, ...seen, ...SMALL }));
      const scaled = layerNorm(g, "layer_norm2", x);
      const mlp = () => linear(g, "fc2", geluTanh(g, linear(g, "fc1", scaled, inner, SMALL)), width, SMALL);
      x = g.add(x, g.scope("mlp", mlp));
    });
  return layerNorm(g, "final_layer_norm", x);
}
