import { PreTrainedTokenizer } from "@huggingface/transformers";
import { featuresFirst } from "./hub-network.ts";
import { imagePreparation } from "./image-preparation.ts";
import type { InputForm } from "./input-form.ts";
import type { ModelFolder, QuestionInputs } from "./model-folder.ts";
import { QuestionPrompt } from "./question-prompt.ts";

/** Images and prompts as `preprocess.json` says. */
export function questionForm(folder: ModelFolder, { preprocess }: QuestionInputs): InputForm {
  const tokenizer = new PreTrainedTokenizer(folder.tokenizer, folder.tokenizerConfig);
  return {
    tokenizer,
    prompt: new QuestionPrompt(tokenizer, preprocess.image_tokens),
    network: featuresFirst(folder),
    prepare: imagePreparation(preprocess),
    checkEncoder: () => {},
    checkFeatures: () => {},
  };
}
