import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeModelFile } from "../../../onnx/index.ts";
import type { Tensor } from "../../../tensor.ts";
import { IMAGE_TOKENS, PHANTOM } from "../config.ts";
import { PREPROCESSING } from "../normalise-pixels.ts";
import { SPECIAL_TOKEN_IDS } from "../tokenizer/special-tokens.ts";
import { makeTokenizer, VOCABULARY_SIZE } from "../tokenizer/tokenizer-files.ts";
import { RETRIEVAL } from "./config.ts";
import { PAIR_KINDS } from "./network/contrastive-graph.ts";
import { towerGraphs } from "./network/inference-graphs.ts";

/**
 * Writes trained weights as a folder that transformers.js loads as CLIP: CLIPTextModelWithProjection gives `text_embeds` and
 * CLIPVisionModelWithProjection `image_embeds`, both of length 1.
 *
 * `weights` by the parameter names of the training graph; see contrastiveGraph.
 */
export async function writeEncoder(folder: string, weights: Readonly<Record<string, Tensor>>): Promise<void> {
  const graphs = towerGraphs(VOCABULARY_SIZE, weights);
  await mkdir(join(folder, "onnx"), { recursive: true });
  for (const [name, { model }] of Object.entries(graphs))
    await writeModelFile(model, join(folder, "onnx", `${name}.onnx`));
  const { tokenizer, config } = makeTokenizer();
  const { pad, bos, eos } = SPECIAL_TOKEN_IDS;
  const { text, embedding } = RETRIEVAL;
  const files = {
    "config.json": {
      model_type: "clip",
      architectures: ["CLIPModel"],
      projection_dim: embedding,
      // Learnt: logarithms of 1 / temperature, by kind of pair. CLIP knows one, that of images and texts.
      logit_scale_init_value: logScale(weights, "image-text"),
      phantom_logit_scales: Object.fromEntries(PAIR_KINDS.map((kind) => [kind, logScale(weights, kind)])),
      text_config: {
        model_type: "clip_text_model",
        vocab_size: VOCABULARY_SIZE,
        ...sizes(text),
        max_position_embeddings: PHANTOM.context,
        pad_token_id: pad,
        bos_token_id: bos,
        eos_token_id: eos,
      },
      vision_config: {
        model_type: "clip_vision_model",
        image_size: PHANTOM.image,
        patch_size: PHANTOM.image / Math.sqrt(IMAGE_TOKENS),
        ...sizes({ ...PHANTOM.vision, layers: 0 }),
      },
      "transformers.js_config": { dtype: "fp32" },
    },
    "tokenizer.json": tokenizer,
    "tokenizer_config.json": { ...config, padding_side: "right", chat_template: undefined },
    "preprocessor_config.json": { image_processor_type: "CLIPImageProcessor", ...PREPROCESSING },
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content, null, name === "tokenizer.json" ? 0 : 1) + "\n");
}

const sizes = ({ width, inner, layers, heads }: { width: number; inner: number; layers: number; heads: number }) => ({
  hidden_size: width,
  intermediate_size: inner,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  projection_dim: RETRIEVAL.embedding,
});

const logScale = (weights: Readonly<Record<string, Tensor>>, kind: (typeof PAIR_KINDS)[number]) =>
  Number(weights.logit_scale.data[PAIR_KINDS.indexOf(kind)]);
