import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserFacingError } from "../errors.ts";
import { graphFile } from "./graph-files.ts";

/** Cause: a model folder is missing or incomplete, or a file in it is damaged. Handled by: the user; the message names the file. */
export class ModelFolderError extends UserFacingError {
  /** What is wrong, without the folder and without the next step: for lists of folders. */
  readonly fault: string;

  constructor(folder: string, fault: string, next: string, options?: { cause?: unknown }) {
    super(`model folder "${folder}": ${fault}. ${next}`, options);
    this.fault = fault;
  }
}

type Json = Record<string, unknown>;

/** How a folder of the question form says that images and prompts are prepared (`preprocess.json`). */
export interface Preprocess {
  image_size: number;
  /** In pixel units, 0 to 255. */
  mean: number;
  std: number;
  /** Number of feature rows that one image becomes. */
  image_tokens: number;
}

/** The files of a model in the transformers.js multi-session layout. */
export interface ModelFolder {
  id: string;
  path: string;
  /** Graph files. A model of text alone has no vision encoder, and looks its tokens up in the decoder. */
  onnx: { decoder: string; vision?: string; embed?: string };
  config: Json;
  generation: Json;
  tokenizer: Json;
  tokenizerConfig: Json;
  inputs: QuestionInputs | ChatInputs | TextInputs;
}

/** Images and prompts as `preprocess.json` says: plain question-answer prompts, image features in front. */
export interface QuestionInputs {
  form: "question";
  preprocess: Preprocess;
}

/** Images and prompts as transformers.js's processor for the model and its chat template say. */
export interface ChatInputs {
  form: "chat";
  /** preprocessor_config.json */
  images: Json;
  /** processor_config.json, empty where the processor needs none. */
  processor: Json;
  /** Jinja source of chat_template.jinja, which newer exports have instead of one in tokenizer_config.json. */
  template?: string;
}

/** Questions as the folder's chat template says, or as they stand: a model of text alone. */
export interface TextInputs {
  form: "text";
  /** Jinja source of chat_template.jinja. */
  template?: string;
}

/**
 * Reads the description of a model in a local folder: `config.json`, tokenizer, image preparation (`preprocess.json`, or
 * `preprocessor_config.json` with a chat template), and `onnx/{vision_encoder,embed_tokens,decoder_model_merged}.onnx`. A folder without any
 * of these three and with `onnx/model.onnx` is a model of text alone. Of several files of a graph (`decoder_model_merged_fp16.onnx`) the most
 * exact is taken. Weights are not read here. `id` names the model; by default its folder does.
 *
 * Throws: ModelFolderError naming the first file that is missing or damaged.
 */
export function readModelFolder(path: string, id?: string): ModelFolder {
  const folder = resolve(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ModelFolderError(
      path,
      "there is no such folder",
      id
        ? "Install medke again: the files of this model come with it."
        : "Give the path of a folder in the transformers.js layout (config.json, tokenizer.json, onnx/), or the name of an embedded model: phantom.",
    );
  const file = (name: string) => join(folder, name);
  const need = (name: string) => {
    if (existsSync(file(name))) return file(name);
    throw new ModelFolderError(
      path,
      `"${name}" is missing`,
      "Download or export the model again, in the transformers.js layout with separate vision_encoder, embed_tokens and decoder_model_merged.",
    );
  };
  const json = (name: string) => parse(need(name), name, path);
  const optional = (name: string) => (existsSync(file(name)) ? json(name) : {});
  const part = (name: string) => graphFile(folder, name) ?? `onnx/${name}.onnx`;
  const [vision, embed, decoder, whole] = ["vision_encoder", "embed_tokens", "decoder_model_merged", "model"].map(part);
  const textOnly = existsSync(file(whole)) && ![vision, embed, decoder].some((name) => existsSync(file(name)));
  const graphs = () => ({ vision: need(vision), embed: need(embed), decoder: need(decoder) });
  const found = {
    id: id ?? basename(folder),
    path: folder,
    onnx: textOnly ? { decoder: file(whole) } : graphs(),
    config: json("config.json"),
    generation: optional("generation_config.json"),
    tokenizer: json("tokenizer.json"),
    tokenizerConfig: json("tokenizer_config.json"),
  };
  const template = existsSync(file("chat_template.jinja"))
    ? readFileSync(file("chat_template.jinja"), "utf8")
    : undefined;
  if (textOnly) return { ...found, inputs: { form: "text", ...(template !== undefined && { template }) } };
  if (existsSync(file("preprocess.json")))
    return { ...found, inputs: { form: "question", preprocess: preprocess(json("preprocess.json"), path) } };
  if (!existsSync(file("preprocessor_config.json")))
    throw new ModelFolderError(
      path,
      `"preprocessor_config.json" is missing, and there is no "preprocess.json" either`,
      "Without one of them nobody knows how images are prepared. Download or export the model again, with its processor files.",
    );
  if (template === undefined && !found.tokenizerConfig.chat_template)
    throw new ModelFolderError(
      path,
      `"tokenizer_config.json" has no "chat_template", and there is no "chat_template.jinja" either`,
      "Without one nobody knows how questions are put. Add the template that the model was trained with.",
    );
  const images = json("preprocessor_config.json");
  return { ...found, inputs: { form: "chat", images, processor: optional("processor_config.json"), template } };
}

function parse(file: string, name: string, folder: string): Json {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ModelFolderError(
      folder,
      `"${name}" is not valid JSON (${(cause as Error).message})`,
      "Download the file again.",
      { cause },
    );
  }
}

function preprocess(raw: Json, folder: string): Preprocess {
  for (const key of ["image_size", "mean", "std", "image_tokens"])
    if (typeof raw[key] !== "number")
      throw new ModelFolderError(
        folder,
        `preprocess.json has no number "${key}" (found ${JSON.stringify(raw[key])})`,
        "Add it as the model's export states it.",
      );
  return raw as unknown as Preprocess;
}
