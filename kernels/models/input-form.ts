import type { PreTrainedTokenizer } from "@huggingface/transformers";
import type { Session } from "../runtime/session.ts";
import type { Tensor } from "../tensor.ts";
import { chatForm } from "./chat-form.ts";
import type { HubNetwork } from "./hub-network.ts";
import type { ImagePreparation } from "./image-preparation.ts";
import type { ModelFolder } from "./model-folder.ts";
import type { PromptForm } from "./prompt.ts";
import { questionForm } from "./question-form.ts";
import { textForm } from "./text-form.ts";

/** How a model takes images and questions. There are three forms; what a folder holds decides which. */
export interface InputForm {
  tokenizer: PreTrainedTokenizer;
  prompt: PromptForm;
  prepare: ImagePreparation;
  network: HubNetwork;
  /** Throws: ModelFolderError where the encoder's declared output does not fit the prompts. */
  checkEncoder(encoder: Session): void;
  /** The same for the features of an image, where the encoder leaves their number open. */
  checkFeatures(features: Tensor): void;
}

/** Throws: ModelFolderError where the folder's files do not fit together. */
export async function openInputForm(folder: ModelFolder): Promise<InputForm> {
  const { inputs } = folder;
  if (inputs.form === "text") return textForm(folder, inputs);
  return inputs.form === "question" ? questionForm(folder, inputs) : chatForm(folder, inputs);
}
