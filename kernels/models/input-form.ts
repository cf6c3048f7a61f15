import type { PreTrainedTokenizer } from "@huggingface/transformers";
import type { Session } from "../runtime/session.ts";
import type { Tensor } from "../tensor.ts";
import { chatForm } from "./chat-form.ts";
import type { HubNetwork } from "./hub-network.ts";
import type { ImagePreparation } from "./image-preparation.ts";
import type { ModelFolder } from "./model-folder.ts";
import type { PromptForm } from "./prompt.ts";
import { questionForm } from "./question-form.ts";

/** How a model takes images and questions. There are two forms; what a folder holds decides which. */
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
export const openInputForm = async (folder: ModelFolder): Promise<InputForm> =>
  folder.inputs.form === "question" ? questionForm(folder, folder.inputs) : chatForm(folder, folder.inputs);
