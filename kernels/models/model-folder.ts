import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserFacingError } from "../errors.ts";

/** Cause: a model folder is missing or incomplete, or a file in it is damaged. Handled by: the user; the message names the file. */
export class ModelFolderError extends UserFacingError {}

/** How a model folder says that images and prompts are prepared (`preprocess.json`). */
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
  onnx: { vision: string; embed: string; decoder: string };
  config: Record<string, unknown>;
  generation: Record<string, unknown>;
  tokenizer: Record<string, unknown>;
  tokenizerConfig: Record<string, unknown>;
  preprocess: Preprocess;
}

/**
 * Reads the description of a model in a local folder: `config.json`, tokenizer, image preparation, and
 * `onnx/{vision_encoder,embed_tokens,decoder_model_merged}.onnx`. Weights are not read here.
 *
 * Throws: ModelFolderError naming the first file that is missing or damaged.
 */
export function readModelFolder(path: string): ModelFolder {
  const folder = resolve(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new ModelFolderError(
      `model folder "${path}": there is no such folder. Give the path of a folder in the transformers.js layout (config.json, tokenizer.json, onnx/).`,
    );
  const need = (name: string) => {
    const file = join(folder, name);
    if (existsSync(file)) return file;
    throw new ModelFolderError(
      `model folder "${path}": "${name}" is missing. Download or export the model again, in the transformers.js layout with separate vision_encoder, embed_tokens and decoder_model_merged.`,
    );
  };
  const json = (name: string) => parse(need(name), name, path);
  return {
    id: basename(folder),
    path: folder,
    onnx: {
      vision: need("onnx/vision_encoder.onnx"),
      embed: need("onnx/embed_tokens.onnx"),
      decoder: need("onnx/decoder_model_merged.onnx"),
    },
    config: json("config.json"),
    generation: existsSync(join(folder, "generation_config.json")) ? json("generation_config.json") : {},
    tokenizer: json("tokenizer.json"),
    tokenizerConfig: json("tokenizer_config.json"),
    preprocess: preprocess(json("preprocess.json"), path),
  };
}

function parse(file: string, name: string, folder: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new ModelFolderError(
      `model folder "${folder}": "${name}" is not valid JSON (${(cause as Error).message}). Download the file again.`,
      { cause },
    );
  }
}

function preprocess(raw: Record<string, unknown>, folder: string): Preprocess {
  for (const key of ["image_size", "mean", "std", "image_tokens"])
    if (typeof raw[key] !== "number")
      throw new ModelFolderError(
        `model folder "${folder}": preprocess.json has no number "${key}" (found ${JSON.stringify(raw[key])}). Add it as the model's export states it.`,
      );
  return raw as unknown as Preprocess;
}
