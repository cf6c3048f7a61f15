import { attention, convolution, geluTanh, instanceNorm, layerNorm, linear, normal, zeros } from "../../../onnx/build/index.ts"; // prettier-ignore
import type { Float, GraphBuilder } from "../../../onnx/build/index.ts";
import { IMAGE_TOKENS, PHANTOM } from "../config.ts";

const SMALL = { initialise: normal(0.02) };

/**
 * Convolutions turn 16 x 16 pixels and what surrounds them into one row. Shapes of a few pixels are what tells findings apart: layers
 * of attention on bare patches do not learn them in hours (arXiv 2106.14881 has the comparison).
 *
 * Shapes: pixels [batch, 3, 128, 128]; result [batch, 64, 128].
 */
function visionStem(g: GraphBuilder, pixels: Float): Float {
  const { stem, width } = PHANTOM.vision;
  let map = pixels;
  for (const [i, { channels, stride, kernel }] of stem.entries())
    map = g.relu(instanceNorm(g, `stem.${i}.norm`, convolution(g, `stem.${i}`, map, channels, { stride, kernel })));
  const rows = g.transpose(g.reshape(map, [pixels.dims[0], stem.at(-1)!.channels, IMAGE_TOKENS]), [0, 2, 1]);
  const embedded = linear(g, "patch_embed", rows, width, { initialise: normal(0.06) });
  return g.add(embedded, g.parameter("position_embedding", [IMAGE_TOKENS, width], normal(0.02)));
}

/**
 * The vision transformer: the stem's rows go through layers of attention. They begin as the identity, so that what the stem has learnt
 * alone holds when they join it; `count` 0 leaves them out.
 *
 * Shapes: pixels [batch, 3, 128, 128]; result [batch, 64, 128].
 */
export const visionEncoder = (g: GraphBuilder, pixels: Float, count: number = PHANTOM.vision.layers): Float =>
  g.scope("vision_model", () => {
    const { width, heads, inner } = PHANTOM.vision;
    let x = visionStem(g, pixels);
    for (let layer = 0; layer < count; layer++)
      g.scope(`layers.${layer}`, () => {
        const output = { initialise: zeros };
        x = g.add(x, attention(g, layerNorm(g, "layer_norm1", x), { heads, ...SMALL, output }));
        const scaled = layerNorm(g, "layer_norm2", x);
        const mlp = () => linear(g, "fc2", geluTanh(g, linear(g, "fc1", scaled, inner, SMALL)), width, output);
        x = g.add(x, g.scope("mlp", mlp));
      });
    return layerNorm(g, "post_layernorm", x);
  });

/** From the encoder's width to the decoder's. Shapes: [batch, 64, 128]; result [batch, 64, 192]. */
export const projector = (g: GraphBuilder, features: Float): Float =>
  g.scope("multi_modal_projector", () =>
    linear(g, "linear", features, PHANTOM.decoder.width, { initialise: normal(0.03) }),
  );
