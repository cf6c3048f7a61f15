import { attention, geluTanh, layerNorm, linear, normal, patches } from "../../../onnx/build/index.ts";
import type { Float, GraphBuilder } from "../../../onnx/build/index.ts";
import { PHANTOM } from "../config.ts";

const SMALL = { initialise: normal(0.02) };

/**
 * The vision transformer: a small network turns patches of 8 pixels into values, 2 x 2 neighbours are merged, and what stands for 16 x 16
 * pixels goes through the layers. The first step keeps edges that one linear map from 16 x 16 pixels would blur.
 *
 * Shapes: pixels [batch, 3, 128, 128]; result [batch, 64, 128].
 */
export const visionEncoder = (g: GraphBuilder, pixels: Float): Float =>
  g.scope("vision_model", () => {
    const { patch, width, layers, heads, inner } = PHANTOM.vision;
    const side = PHANTOM.image / patch / 2;
    const [batch] = pixels.dims;
    // Scaled to inputs of unit variance: 0.02 would leave the first values too small to learn from.
    const fine = geluTanh(g, linear(g, "patch_embed", patches(g, pixels, patch), width, { initialise: normal(0.07) }));
    const blocks = g.transpose(g.reshape(fine, [batch, side, 2, side, 2, width]), [0, 1, 3, 2, 4, 5]);
    const merged = g.reshape(blocks, [batch, side * side, 4 * width]);
    let x = linear(g, "patch_merge", merged, width, { initialise: normal(0.04) });
    x = g.add(x, g.parameter("position_embedding", [side * side, width], normal(0.02)));
    for (let layer = 0; layer < layers; layer++)
      g.scope(`layers.${layer}`, () => {
        x = g.add(x, attention(g, layerNorm(g, "layer_norm1", x), { heads, ...SMALL }));
        const scaled = layerNorm(g, "layer_norm2", x);
        const mlp = () => linear(g, "fc2", geluTanh(g, linear(g, "fc1", scaled, inner, SMALL)), width, SMALL);
        x = g.add(x, g.scope("mlp", mlp));
      });
    return layerNorm(g, "post_layernorm", x);
  });

/** From the encoder's width to the decoder's. Shapes: [batch, 64, 128]; result [batch, 64, 192]. */
export const projector = (g: GraphBuilder, features: Float): Float =>
  g.scope("multi_modal_projector", () =>
    linear(g, "linear", features, PHANTOM.decoder.width, { initialise: normal(0.03) }),
  );
