import type { Session } from "../runtime/session.ts";
import { ChatPrompt } from "./chat-prompt.ts";
import { type Frame, frameOf, MARK, renderWith } from "./chat-template.ts";
import { expandPrompt } from "./expand-prompt.ts";
import { networkOf } from "./hub-network.ts";
import type { InputForm } from "./input-form.ts";
import { type ChatInputs, type ModelFolder, ModelFolderError } from "./model-folder.ts";
import { openProcessor, processorImages } from "./processor.ts";

const UNKNOWN_SIZE = 64;

/**
 * Images and prompts as transformers.js has them: its processor for the model prepares images and writes image tokens, the folder's chat
 * template frames questions, and its class for the `model_type` merges features.
 *
 * Throws: ModelFolderError where the files do not fit together.
 */
export async function chatForm(folder: ModelFolder, inputs: ChatInputs): Promise<InputForm> {
  const { config, path } = folder;
  const network = networkOf(folder);
  const { processor, tokenizer, images } = await openProcessor(folder);
  const refuse = (fault: string, next: string, cause?: unknown) => new ModelFolderError(path, fault, next, { cause });
  const render = renderWith(processor, inputs.template);
  const framed = (write: () => string): Frame => {
    try {
      return frameOf(write());
    } catch (cause) {
      throw refuse(
        `its chat template does not write a question that comes as a list of parts (${(cause as Error).message})`,
        "Give it a template that goes through message.content and writes parts of type image and text.",
        cause,
      );
    }
  };
  framed(() => render(MARK, { image: false }));
  const rendered = () => render(MARK, { image: true });
  const template = framed(rendered);

  const side = (config.vision_config as { image_size?: number } | undefined)?.image_size ?? UNKNOWN_SIZE;
  const expand = (width: number) =>
    expandPrompt(processor, rendered(), width, side).catch((cause: Error) => {
      throw refuse(
        `its processor does not take an image and a prompt (${cause.message})`,
        "Check processor_config.json and preprocessor_config.json against the model's export.",
        cause,
      );
    });
  const text = await expand(side);
  // Without resizing, an image of another size is no valid input, so it cannot be asked about.
  if (images.do_resize !== false && (await expand(2 * side)) !== text)
    throw refuse(
      `its processor makes more image tokens of larger images (model_type ${JSON.stringify(config.model_type)})`,
      "Switch tiling off in preprocessor_config.json, or give it a fixed size, where the model allows that: medke needs as many tokens for every image.",
    );
  // As transformers.js's merge reads it.
  const imageToken = config.image_token_index ?? config.image_token_id;
  if (typeof imageToken !== "number")
    throw refuse(
      `config.json has no number "image_token_index" or "image_token_id" (found ${JSON.stringify(imageToken)})`,
      "Add the id of the token that stands for an image.",
    );
  const expanded = framed(() => text);
  const prompt = new ChatPrompt(tokenizer, render, template, expanded, tokenizer.decode([imageToken]).trim());

  const places = prompt.encode({ image: { id: "", path: "" }, question: MARK }, "", "").prompt;
  const imageTokens = places.filter((id) => id === imageToken).length;
  const agree = (rows: number, who: string) => {
    if (rows === imageTokens) return;
    throw refuse(
      `its processor writes ${imageTokens} image tokens (id ${imageToken}) for an image, ${who} ${rows}`,
      "Correct image_token_index and image_seq_length in config.json, patch_size in processor_config.json, or the size in preprocessor_config.json.",
    );
  };
  return {
    tokenizer,
    prompt,
    network,
    prepare: processorImages(images),
    checkEncoder(encoder: Session) {
      if (!encoder.outputs.some(({ name }) => name === "image_features"))
        throw refuse('onnx/vision_encoder.onnx has no output "image_features"', "Export the model again.");
      const rows = encoder.outputs.find(({ name }) => name === "image_features")!.shape.at(-2);
      if (typeof rows === "number" && rows > 0) agree(rows, "onnx/vision_encoder.onnx makes");
      if (typeof config.image_seq_length === "number") agree(config.image_seq_length, "config.json says");
    },
    checkFeatures: ({ dims }) =>
      agree(
        dims.slice(0, -1).reduce((n, size) => n * size, 1),
        "onnx/vision_encoder.onnx makes",
      ),
  };
}
