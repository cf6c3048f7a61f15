import { GraphBuilder } from "../graph-builder.ts";
import type { BuilderOptions, BuiltModel } from "../graph-core.ts";
import { normal } from "../initialisers.ts";
import { silu } from "../layers/activations.ts";
import { attention } from "../layers/attention.ts";
import { causalMask } from "../layers/causal-mask.ts";
import { embedding } from "../layers/embedding.ts";
import { linear } from "../layers/linear.ts";
import { rmsNorm } from "../layers/rms-norm.ts";
import { rotaryAngles } from "../layers/rotary.ts";

export interface LlamaConfig {
  vocabulary: number;
  width: number;
  layers: number;
  heads: number;
  /** Default: as many as heads. */
  kvHeads?: number;
  /** Default: width / heads. */
  headSize?: number;
  /** Inner size of the gated MLP. */
  inner: number;
  /** Base of the rotary angles. Default 10000. */
  rotaryBase?: number;
  /** Default 1e-6. */
  epsilon?: number;
}

/**
 * A Llama-like decoder: RMS norms, rotary positions, grouped-query attention, SwiGLU, untied head; parameters have the names of
 * Llama checkpoints, weights in [in, out] layout.
 *
 * Inputs: `input_ids`, `attention_mask`, `position_ids`, all int64 [batch_size, sequence_length]. Output: `logits` [.., vocabulary].
 */
export function llama(config: LlamaConfig, options?: BuilderOptions): BuiltModel {
  const { vocabulary, width, layers, heads, inner, epsilon = 1e-6 } = config;
  const g = new GraphBuilder(options);
  const dims = ["batch_size", "sequence_length"];
  const ids = g.input("input_ids", "int64", dims);
  const mask = causalMask(g, g.input("attention_mask", "int64", dims));
  const rotary = rotaryAngles(
    g,
    g.input("position_ids", "int64", dims),
    config.headSize ?? width / heads,
    config.rotaryBase,
  );
  const plain = { bias: false, initialise: normal(0.02) };
  const hidden = g.scope("model", () => {
    let x = embedding(g, "embed_tokens", ids, vocabulary, width);
    for (let layer = 0; layer < layers; layer++)
      g.scope(`layers.${layer}`, () => {
        const attended = attention(g, rmsNorm(g, "input_layernorm", x, epsilon), { ...config, ...plain, mask, rotary });
        x = g.add(x, attended);
        const normal = rmsNorm(g, "post_attention_layernorm", x, epsilon);
        const mixed = g.scope("mlp", () => {
          const gate = silu(g, linear(g, "gate_proj", normal, inner, plain));
          return linear(g, "down_proj", g.mul(gate, linear(g, "up_proj", normal, inner, plain)), width, plain);
        });
        x = g.add(x, mixed);
      });
    return rmsNorm(g, "norm", x, epsilon);
  });
  g.output("logits", linear(g, "lm_head", hidden, vocabulary, plain));
  return g.finish();
}
