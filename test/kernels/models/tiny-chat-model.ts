import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { llama, tokenEmbeddings, vit } from "../../../kernels/onnx/build/index.ts";
import type { BuiltModel } from "../../../kernels/onnx/build/index.ts";
import { writeModel } from "../../../kernels/onnx/index.ts";
import { byteLevelTokenizer } from "./byte-level-tokenizer.ts";

export const IMAGE = 16;
export const IMAGE_TOKENS = 16;
export const WIDTH = 16;
const SPECIAL = ["<pad>", "<bos>", "<eos>", "<image>", "<|user|>", "<|assistant|>", "<boi>", "<eoi>"];
const TOKENIZER = byteLevelTokenizer(SPECIAL, ["t h", "th e", "i n", "a n", "o n"]);
export const IMAGE_TOKEN = SPECIAL.indexOf("<image>");

/** `{bos}{<image>}<|user|>question<|assistant|>answer{eos}`, from messages whose content is a list of parts. */
const template = (image: string) =>
  [
    "{{ bos_token }}{% for message in messages %}",
    "{% if message.role == 'user' %}",
    `{% for part in message.content %}{% if part.type == 'image' %}${image}{% endif %}{% endfor %}<|user|>`,
    "{% else %}<|assistant|>{% endif %}",
    "{% for part in message.content %}{% if part.type == 'text' %}{{ part.text }}{% endif %}{% endfor %}",
    "{% if message.role == 'assistant' %}{{ eos_token }}{% endif %}{% endfor %}",
    "{% if add_generation_prompt %}<|assistant|>{% endif %}",
  ].join("");

const TEXT = {
  model_type: "llama",
  vocab_size: TOKENIZER.size,
  hidden_size: WIDTH,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 4,
  intermediate_size: 24,
  max_position_embeddings: 96,
};

const IMAGES = {
  image_processor_type: "SiglipImageProcessor",
  do_resize: true,
  size: { height: IMAGE, width: IMAGE },
  resample: 3,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [0.5, 0.5, 0.5],
  image_std: [0.5, 0.5, 0.5],
};

/** What is particular to a model type: its entries in config.json, and its processor's files. */
const KINDS = {
  llava: {
    config: { image_token_index: IMAGE_TOKEN },
    files: {
      "preprocessor_config.json": { ...IMAGES, processor_class: "LlavaProcessor" },
      "processor_config.json": {
        processor_class: "LlavaProcessor",
        image_token: "<image>",
        patch_size: 4,
        num_additional_image_tokens: 0,
        vision_feature_select_strategy: "full",
      },
    },
    tokenizer: { chat_template: template("<image>") },
    template: undefined,
  },
  // Its processor takes text before images, writes tokens around the image's, and has its template in a file of its own.
  gemma3: {
    config: { image_token_id: IMAGE_TOKEN },
    files: {
      "preprocessor_config.json": { ...IMAGES, processor_class: "Gemma3Processor" },
      "processor_config.json": { processor_class: "Gemma3Processor", image_seq_length: IMAGE_TOKENS },
    },
    tokenizer: { boi_token: "<boi>", eoi_token: "<eoi>", image_token: "<image>" },
    template: template("<boi>"),
  },
};

export interface TinyChatOptions {
  kind?: keyof typeof KINDS;
  seed?: number;
  /** Changes the decoder's weights before they are written. */
  change?: (parameters: BuiltModel["parameters"]) => void;
}

/** Writes a model with random weights in the ordinary transformers.js layout of image-text-to-text models. */
export function writeTinyChat(folder: string, { kind = "llava", seed = 3, change }: TinyChatOptions = {}): void {
  const sizes = { vocabulary: TOKENIZER.size, width: WIDTH };
  const graphs = {
    vision_encoder: vit({ image: IMAGE, patch: 4, width: 12, layers: 1, heads: 2, projectTo: WIDTH }, { seed }),
    embed_tokens: tokenEmbeddings(sizes, { seed }),
    decoder_model_merged: llama(
      { ...sizes, layers: 2, heads: 4, kvHeads: 2, inner: 24, inputs: "embeds", cache: true },
      { seed },
    ),
  };
  // Initial weights give logits near zero; larger ones make answers depend on every token and every patch.
  for (const { parameters } of Object.values(graphs))
    for (const { data, dims } of parameters.values()) if (dims.length > 1) data.set(data.map((value) => 12 * value));
  // Of special tokens it writes the end alone, as trained models do: the logits of the others are zero, which is never the largest.
  const head = graphs.decoder_model_merged.parameters.get("lm_head.weight")!.data;
  for (let i = 0; i < head.length; i++) {
    const id = i % TOKENIZER.size;
    if (id < SPECIAL.length && SPECIAL[id] !== "<eos>") head[i] = 0;
  }
  change?.(graphs.decoder_model_merged.parameters);
  mkdirSync(join(folder, "onnx"), { recursive: true });
  for (const [name, { model }] of Object.entries(graphs))
    writeFileSync(join(folder, "onnx", `${name}.onnx`), writeModel(model));

  const { config, files, tokenizer, template } = KINDS[kind];
  const json = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content));
  json("config.json", {
    model_type: kind,
    ...config,
    image_seq_length: IMAGE_TOKENS,
    text_config: TEXT,
    vision_config: { model_type: "siglip_vision_model", image_size: IMAGE, patch_size: 4 },
    vision_feature_select_strategy: "full",
    "transformers.js_config": { dtype: "fp32" },
  });
  json("generation_config.json", { eos_token_id: SPECIAL.indexOf("<eos>"), bos_token_id: 1, pad_token_id: 0 });
  for (const [name, content] of Object.entries(files)) json(name, content);
  json("tokenizer.json", TOKENIZER.json);
  json("tokenizer_config.json", {
    tokenizer_class: "PreTrainedTokenizer",
    bos_token: "<bos>",
    eos_token: "<eos>",
    pad_token: "<pad>",
    padding_side: "left",
    ...tokenizer,
  });
  if (template !== undefined) writeFileSync(join(folder, "chat_template.jinja"), template);
}
