import { GraphBuilder } from "../graph-builder.ts";
import type { BuilderOptions, BuiltModel } from "../graph-core.ts";
import { normal } from "../initialisers.ts";
import { geluTanh } from "../layers/activations.ts";
import { attention } from "../layers/attention.ts";
import { causalMask } from "../layers/causal-mask.ts";
import { embedding } from "../layers/embedding.ts";
import { layerNorm } from "../layers/layer-norm.ts";
import { linear } from "../layers/linear.ts";

export interface GptConfig {
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
  /** Longest sequence: rows of the position table. */
  positions: number;
}

/**
 * A GPT-like decoder: learned positions, layer norms before each half, tanh GELU, packed queries, keys and values, and a head that is the embedding table transposed.
 *
 * Inputs: `input_ids`, `attention_mask`, `position_ids`, all int64 [batch_size, sequence_length]. Output: `logits` [.., vocabulary].
 */
export function gpt({ vocabulary, width, layers, heads, positions }: GptConfig, options?: BuilderOptions): BuiltModel {
  const g = new GraphBuilder(options);
  const dims = ["batch_size", "sequence_length"];
  const ids = g.input("input_ids", "int64", dims);
  const mask = causalMask(g, g.input("attention_mask", "int64", dims));
  const places = g.input("position_ids", "int64", dims);
  const small = { initialise: normal(0.02) };
  const hidden = g.scope("transformer", () => {
    let x = g.add(embedding(g, "wte", ids, vocabulary, width), embedding(g, "wpe", places, positions, width));
    for (let layer = 0; layer < layers; layer++)
      g.scope(`h.${layer}`, () => {
        x = g.add(x, attention(g, layerNorm(g, "ln_1", x), { heads, mask, packed: true, ...small }));
        const wide = g.scope("mlp", () => linear(g, "fc1", layerNorm(g, "ln_2", x), 4 * width, small));
        x = g.add(
          x,
          g.scope("mlp", () => linear(g, "fc2", geluTanh(g, wide), width, small)),
        );
      });
    return layerNorm(g, "ln_f", x);
  });
  const head = g.transpose(g.sharedParameter("transformer.wte.weight"), [1, 0]);
  g.output(
    "logits",
    g.scope("lm_head", () => g.matMul(hidden, head)),
  );
  return g.finish();
}
