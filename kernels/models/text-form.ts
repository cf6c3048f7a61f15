import { PreTrainedTokenizer } from "@huggingface/transformers";
import { leadOf, type Render } from "./chat-template.ts";
import { featuresFirst } from "./hub-network.ts";
import type { InputForm } from "./input-form.ts";
import { type ModelFolder, ModelFolderError, type TextInputs } from "./model-folder.ts";
import { BARE, TextPrompt, type TextTemplate, TextOnlyError } from "./text-prompt.ts";

/** Questions to a model of text alone, in its chat template where it has one. Throws: ModelFolderError for a template that fails. */
export function textForm(folder: ModelFolder, { template }: TextInputs): InputForm {
  const tokenizer = new PreTrainedTokenizer(folder.tokenizer, folder.tokenizerConfig);
  const chats = template !== undefined || Boolean(folder.tokenizerConfig.chat_template);
  return {
    tokenizer,
    prompt: new TextPrompt(folder.id, tokenizer, chats ? chatTemplate(folder, tokenizer, template) : BARE),
    // The class that feeds embeddings into a bare decoder; without images nothing is merged.
    network: featuresFirst(folder),
    prepare: async (image) => {
      const name = "id" in image ? `image "${image.id}"` : "image";
      throw new TextOnlyError(
        `model "${folder.id}" reads text alone: the ${name} cannot be prepared for it. Take a model with a vision encoder.`,
      );
    },
    checkEncoder: () => {},
    checkFeatures: () => {},
  };
}

function chatTemplate({ path }: ModelFolder, tokenizer: PreTrainedTokenizer, template?: string): TextTemplate {
  const render: Render = (question, { answer }) => {
    const asked = { role: "user", content: question };
    const messages = answer === undefined ? [asked] : [asked, { role: "assistant", content: answer }];
    const source = template === undefined ? {} : { chat_template: template };
    const options = { tokenize: false, add_generation_prompt: answer === undefined, ...source };
    return tokenizer.apply_chat_template(messages, options) as string;
  };
  try {
    render("", { image: false });
  } catch (cause) {
    throw new ModelFolderError(
      path,
      `its chat template fails on a question (${(cause as Error).message})`,
      "Download the tokenizer's files again, or remove the template.",
      { cause },
    );
  }
  return { render: (question) => render(question, { image: false }), lead: leadOf(render) };
}
