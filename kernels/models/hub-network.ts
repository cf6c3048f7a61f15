import {
  AutoModelForImageTextToText,
  PretrainedConfig,
  type PreTrainedModel,
  type Tensor as HubTensor,
} from "@huggingface/transformers";
import * as hub from "@huggingface/transformers";
import { type ModelFolder, ModelFolderError } from "./model-folder.ts";

/** What a merge reads: ids [1, tokens], embeddings [1, tokens, hidden], features [1, rows, hidden], mask [1, tokens]. */
export interface MergeInputs {
  input_ids: HubTensor;
  inputs_embeds: HubTensor;
  image_features: HubTensor;
  attention_mask: HubTensor;
}

/** The transformers.js model that generates, without its sessions, and how it puts image features among the embeddings. */
export interface HubNetwork {
  modelClass: new (config: PretrainedConfig, sessions: object, configs: object) => PreTrainedModel;
  config: PretrainedConfig;
  merge(inputs: MergeInputs): Pick<MergeInputs, "inputs_embeds" | "attention_mask">;
}

/** For question-answer models: the LLaVA class over a bare decoder, image features in front of the text. */
export const featuresFirst = (folder: ModelFolder): HubNetwork => ({
  modelClass: hub.LlavaForConditionalGeneration,
  config: new PretrainedConfig({
    ...folder.config,
    model_type: "llava",
    architectures: ["LlavaForConditionalGeneration"],
    text_config: folder.config,
  }),
  merge({ inputs_embeds, image_features, attention_mask }) {
    (inputs_embeds.data as Float32Array).set(image_features.data as Float32Array);
    return { inputs_embeds, attention_mask };
  },
});

/**
 * The class that transformers.js has for the folder's `model_type`, with its own merge: features stand where the image tokens are.
 *
 * Throws: ModelFolderError when it has none.
 */
export function networkOf(folder: ModelFolder): HubNetwork {
  const type = folder.config.model_type;
  const names = AutoModelForImageTextToText.MODEL_CLASS_MAPPINGS.map((mapping) => mapping.get(type as string));
  const modelClass = (hub as Record<string, unknown>)[names.find((name) => name !== undefined) ?? ""] as
    (HubNetwork["modelClass"] & { prototype: Mergeable }) | undefined;
  const merge = modelClass?.prototype._merge_input_ids_with_image_features;
  if (!modelClass || !merge)
    throw new ModelFolderError(
      folder.path,
      `config.json has the model_type ${JSON.stringify(type)}, which transformers.js does not know as a model of images and text`,
      'Give a model of another type, for example "llava".',
    );
  const config = new PretrainedConfig(folder.config);
  return { modelClass, config, merge: (inputs) => merge.call({ config }, inputs) };
}

interface Mergeable {
  _merge_input_ids_with_image_features?(this: { config: PretrainedConfig }, inputs: MergeInputs): MergeInputs;
}
