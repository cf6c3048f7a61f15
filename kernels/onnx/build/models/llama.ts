import { GraphBuilder } from "../graph-builder.ts";
import type { BuilderOptions, BuiltModel } from "../graph-core.ts";
import { normal } from "../initialisers.ts";
import { silu } from "../layers/activations.ts";
import { attention } from "../layers/attention.ts";
import { causalMask } from "../layers/causal-mask.ts";
import { embedding } from "../layers/embedding.ts";
import { keyValueCache } from "../layers/key-value-cache.ts";
import { linear } from "../layers/linear.ts";
import { rmsNorm } from "../layers/rms-norm.ts";
import type { AttentionOptions } from "../layers/attention.ts";
import { rotaryAngles } from "../layers/rotary.ts";
import type { Rotary } from "../layers/rotary.ts";
import type { Float, Value } from "../value.ts";

const DEVIATIONS = { into: 0.02, out: 0.02, table: 0.02 };
const PLAIN = { bias: false, initialise: normal(0.02) };

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
  /** Deviations of initial weights: of the projections into attention and MLP, of those out of them, and of the table. Default 0.02 each. */
  deviations?: { into: number; out: number; table: number };
  /** What it reads: token ids, or their embeddings, whose table is then a graph of its own (tokenEmbeddings). Default "ids". */
  inputs?: "ids" | "embeds";
  /** Whether keys and values of earlier tokens are inputs, and those of all tokens outputs, so that it can go on. Default false. */
  cache?: boolean;
}

/**
 * A Llama-like decoder: RMS norms, rotary positions, grouped-query attention, SwiGLU, untied head; parameters have the names of
 * Llama checkpoints, weights in [in, out] layout.
 *
 * Inputs: `input_ids`, `attention_mask`, `position_ids`, all int64 [batch_size, sequence_length]. Output: `logits` [.., vocabulary].
 * With `inputs: "embeds"`, `inputs_embeds` [.., width] in place of the ids. With `cache`, `attention_mask` also covers the earlier tokens,
 * and there are `past_key_values.N.{key,value}` [batch_size, kvHeads, past_sequence_length, headSize] and `present.N.{key,value}`:
 * both together are what transformers.js generates with. Parameters are the same in every form, but for the table.
 */
export function llama(config: LlamaConfig, options?: BuilderOptions): BuiltModel {
  const { vocabulary, width, heads, kvHeads = heads } = config;
  const headSize = config.headSize ?? width / heads;
  const g = new GraphBuilder(options);
  const [batch, past, dims] = ["batch_size", "past_sequence_length", ["batch_size", "sequence_length"]];
  const read =
    config.inputs === "embeds"
      ? g.input("inputs_embeds", "float32", [...dims, width])
      : g.input("input_ids", "int64", dims);
  const keys = config.cache ? [batch, `${past} + ${dims[1]}`] : dims;
  const mask = causalMask(g, g.input("attention_mask", "int64", keys), config.cache ? read : undefined);
  const rotary = rotaryAngles(g, g.input("position_ids", "int64", dims), headSize, config.rotaryBase);
  const hidden = g.scope("model", () => {
    const { table } = config.deviations ?? DEVIATIONS;
    const x = isIds(read) ? embedding(g, "embed_tokens", read, vocabulary, width, normal(table)) : read;
    const cache = (layer: number) =>
      config.cache ? keyValueCache(g, layer, { batch, past, kvHeads, headSize }) : undefined;
    return llamaLayers(g, x, config, { mask, rotary, cache });
  });
  g.output("logits", linear(g, "lm_head", hidden, vocabulary, PLAIN));
  return g.finish();
}

/** What a decoder's layers need to know of the tokens that they see. */
export interface LayerContext {
  /** Added to the scores; see causalMask. */
  mask: Float;
  rotary: Rotary;
  /** Keys and values of earlier tokens, by layer. Default: none. */
  cache?: (layer: number) => AttentionOptions["cache"];
}

/**
 * The layers of a Llama-like decoder and its last norm, in the scope of the caller.
 *
 * Shapes: embeds [batch, tokens, width]; result the same.
 */
export function llamaLayers(
  g: GraphBuilder,
  embeds: Float,
  config: Omit<LlamaConfig, "vocabulary">,
  context: LayerContext,
): Float {
  const { width, layers, heads, inner, kvHeads = heads, epsilon = 1e-6 } = config;
  const headSize = config.headSize ?? width / heads;
  const { mask, rotary, cache = () => undefined } = context;
  const { into, out } = config.deviations ?? DEVIATIONS;
  const [reads, writes] = [into, out].map((deviation) => ({ bias: false, initialise: normal(deviation) }));
  let x = embeds;
  for (let layer = 0; layer < layers; layer++)
    g.scope(`layers.${layer}`, () => {
      const scaled = rmsNorm(g, "input_layernorm", x, epsilon);
      x = g.add(
        x,
        attention(g, scaled, { heads, kvHeads, headSize, ...reads, output: writes, mask, rotary, cache: cache(layer) }),
      );
      const again = rmsNorm(g, "post_attention_layernorm", x, epsilon);
      const mixed = g.scope("mlp", () => {
        const gate = silu(g, linear(g, "gate_proj", again, inner, reads));
        return linear(g, "down_proj", g.mul(gate, linear(g, "up_proj", again, inner, reads)), width, writes);
      });
      x = g.add(x, mixed);
    });
  return rmsNorm(g, "norm", x, epsilon);
}

const isIds = (value: Value): value is Value<"int64"> => value.type === "int64";
