import {
  GenerationConfig,
  LlavaForConditionalGeneration,
  PretrainedConfig,
  StoppingCriteria,
  Tensor as HubTensor,
} from "@huggingface/transformers";
import { Tensor as OrtTensor } from "onnxruntime-node";
import { untilAborted } from "../runtime/until-aborted.ts";
import type { Tensor } from "../tensor.ts";
import type { GraphSession } from "./graph-session.ts";
import type { ModelFolder } from "./model-folder.ts";
import { transformersSession } from "./transformers-session.ts";

/** Greedy continuation of a prompt, natural stop. Features: [1, image tokens, hidden], or undefined for text alone. */
export type Generator = (
  prompt: number[],
  features: Tensor<Float32Array> | undefined,
  maxNewTokens: number,
  signal?: AbortSignal,
) => Promise<number[]>;

/**
 * Wires our sessions into transformers.js's own `generate()`, so that caches, positions and stopping rules are its, not ours.
 *
 * Two seams differ from a LLaVA model: the image features stand in front of the text instead of replacing an image token, and they
 * arrive already encoded (an image is encoded once and asked about often), so `pixel_values` carries features here.
 */
export function generator(
  folder: ModelFolder,
  sessions: { embed: GraphSession; decoder: GraphSession },
  side: Record<string, Tensor>,
): Generator {
  const config = new PretrainedConfig({
    ...folder.config,
    model_type: "llava",
    architectures: ["LlavaForConditionalGeneration"],
    text_config: folder.config,
  });
  const wired = {
    embed_tokens: transformersSession(sessions.embed),
    decoder_model_merged: transformersSession(sessions.decoder, side),
  };
  const model = new LlavaForConditionalGeneration(config, wired, {
    generation_config: new GenerationConfig({
      eos_token_id: folder.config.eos_token_id,
      ...folder.generation,
    } as never),
  });
  Object.assign(model, {
    encode_image: async ({ pixel_values }: { pixel_values: HubTensor }) => pixel_values,
    _merge_input_ids_with_image_features: ({
      inputs_embeds,
      image_features,
      attention_mask,
    }: Record<string, HubTensor>) => {
      (inputs_embeds.data as Float32Array).set(image_features.data as Float32Array);
      return { inputs_embeds, attention_mask };
    },
  });
  return async (prompt, features, maxNewTokens, signal) => {
    // Image positions hold any valid id: their embeddings are overwritten by the features above.
    const imageTokens = features?.dims[1] ?? 0;
    const ids = [...new Array<number>(imageTokens).fill(prompt[0]), ...prompt];
    const generated = model.generate({
      input_ids: new HubTensor("int64", BigInt64Array.from(ids, BigInt), [1, ids.length]),
      attention_mask: new HubTensor("int64", new BigInt64Array(ids.length).fill(1n), [1, ids.length]),
      ...(features && { pixel_values: new HubTensor(new OrtTensor("float32", features.data, features.dims) as never) }),
      max_new_tokens: maxNewTokens,
      do_sample: false,
      stopping_criteria: new WhenRaised(signal),
    } as never) as Promise<HubTensor>;
    const output = await untilAborted(generated, signal, "generating an answer");
    return Array.from(output.data as BigInt64Array, Number).slice(ids.length);
  };
}

/** Ends a generation that nobody waits for any more at its next token. */
class WhenRaised extends StoppingCriteria {
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    super();
    this.#signal = signal;
  }

  override _call(ids: number[][]): boolean[] {
    return ids.map(() => this.#signal?.aborted ?? false);
  }
}
