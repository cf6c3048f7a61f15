import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeModelFile } from "../../onnx/index.ts";
import type { Tensor } from "../../tensor.ts";
import { IMAGE_TOKENS, PHANTOM } from "./config.ts";
import { inferenceGraphs } from "./network/inference-graphs.ts";
import { PREPROCESSING } from "./normalise-pixels.ts";
import { SPECIAL_TOKEN_IDS } from "./tokenizer/special-tokens.ts";
import { VOCABULARY_SIZE } from "./tokenizer/tokenizer-files.ts";
import { writeTokenizer } from "./tokenizer/write-tokenizer.ts";

/**
 * Writes trained weights as a folder that transformers.js loads like any other image-text-to-text model.
 *
 * `weights` by the parameter names of the training graphs; see inferenceGraphs.
 */
export async function writeModel(folder: string, weights: Readonly<Record<string, Tensor>>): Promise<void> {
  const graphs = inferenceGraphs(VOCABULARY_SIZE, weights);
  await mkdir(join(folder, "onnx"), { recursive: true });
  for (const [name, { model }] of Object.entries(graphs))
    await writeModelFile(model, join(folder, "onnx", `${name}.onnx`));
  await writeTokenizer(folder);
  const { pad, bos, eos, image } = SPECIAL_TOKEN_IDS;
  const special = { pad_token_id: pad, bos_token_id: bos, eos_token_id: eos };
  const files = {
    "config.json": {
      model_type: "llava",
      architectures: ["LlavaForConditionalGeneration"],
      ...special,
      image_token_index: image,
      image_seq_length: IMAGE_TOKENS,
      vision_feature_select_strategy: "full",
      max_position_embeddings: PHANTOM.context,
      text_config: {
        model_type: "llama",
        vocab_size: VOCABULARY_SIZE,
        hidden_size: PHANTOM.decoder.width,
        intermediate_size: PHANTOM.decoder.inner,
        num_hidden_layers: PHANTOM.decoder.layers,
        num_attention_heads: PHANTOM.decoder.heads,
        num_key_value_heads: PHANTOM.decoder.heads,
        rms_norm_eps: PHANTOM.decoder.epsilon,
        rope_theta: PHANTOM.decoder.rotaryBase,
        max_position_embeddings: PHANTOM.context,
        ...special,
      },
      vision_config: {
        model_type: "siglip_vision_model",
        image_size: PHANTOM.image,
        // What one feature row stands for.
        patch_size: PHANTOM.image / Math.sqrt(IMAGE_TOKENS),
        hidden_size: PHANTOM.vision.width,
        intermediate_size: PHANTOM.vision.inner,
        num_hidden_layers: PHANTOM.vision.layers,
        num_attention_heads: PHANTOM.vision.heads,
      },
      "transformers.js_config": { dtype: "fp32" },
    },
    "generation_config.json": { ...special, max_new_tokens: 24, do_sample: false },
    "processor_config.json": {
      processor_class: "LlavaProcessor",
      image_token: "<image>",
      patch_size: PHANTOM.image / Math.sqrt(IMAGE_TOKENS),
      num_additional_image_tokens: 0,
      vision_feature_select_strategy: "full",
    },
    "preprocessor_config.json": {
      image_processor_type: "SiglipImageProcessor",
      processor_class: "LlavaProcessor",
      ...PREPROCESSING,
    },
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content, null, 1) + "\n");
}
