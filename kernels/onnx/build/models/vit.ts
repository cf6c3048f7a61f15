import { GraphBuilder } from "../graph-builder.ts";
import type { BuilderOptions, BuiltModel } from "../graph-core.ts";
import { normal, zeros } from "../initialisers.ts";
import { geluTanh } from "../layers/activations.ts";
import { attention } from "../layers/attention.ts";
import { layerNorm } from "../layers/layer-norm.ts";
import { linear } from "../layers/linear.ts";
import { patches } from "../layers/patches.ts";

export interface VitConfig {
  /** Height and width of the image, in pixels; a multiple of `patch`. */
  image: number;
  patch: number;
  /** Colour channels. Default 3. */
  channels?: number;
  width: number;
  layers: number;
  heads: number;
  /** Inner size of the MLP. Default: 4 × width. */
  inner?: number;
  /** Width of the decoder that shall read the patches: a linear projector to it follows. Default: none. */
  projectTo?: number;
}

/**
 * A vision transformer without a class token: every patch becomes a row.
 *
 * Input: `pixel_values` [batch_size, channels, image, image]. Output: `last_hidden_state` [batch_size, patches, width]; with `projectTo`
 * instead `image_features` [batch_size, patches, projectTo], as in `vision_encoder.onnx`.
 */
export function vit(config: VitConfig, options?: BuilderOptions): BuiltModel {
  const { image, patch, channels = 3, width, layers, heads, inner = 4 * width } = config;
  const g = new GraphBuilder(options);
  const small = { initialise: normal(0.02) };
  const pixels = g.input("pixel_values", "float32", ["batch_size", channels, image, image]);
  const hidden = g.scope("vision_model", () => {
    let x = linear(g, "patch_embed", patches(g, pixels, patch), width, small);
    x = g.add(x, g.parameter("position_embedding", [(image / patch) ** 2, width], zeros));
    for (let layer = 0; layer < layers; layer++)
      g.scope(`layers.${layer}`, () => {
        x = g.add(x, attention(g, layerNorm(g, "layer_norm1", x), { heads, ...small }));
        const normal = layerNorm(g, "layer_norm2", x);
        x = g.add(
          x,
          g.scope("mlp", () => linear(g, "fc2", geluTanh(g, linear(g, "fc1", normal, inner, small)), width, small)),
        );
      });
    return layerNorm(g, "post_layernorm", x);
  });
  if (config.projectTo === undefined) g.output("last_hidden_state", hidden);
  else {
    const to = config.projectTo;
    g.output(
      "image_features",
      g.scope("multi_modal_projector", () => linear(g, "linear", hidden, to, small)),
    );
  }
  return g.finish();
}
