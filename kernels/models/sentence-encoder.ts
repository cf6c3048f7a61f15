import { statSync } from "node:fs";
import { basename } from "node:path";
import { UserFacingError } from "../errors.ts";
import type { DeviceChoice } from "../runtime/device.ts";
import { Runtime } from "../runtime/runtime.ts";
import { embeddedFolder, locateModel } from "./embedded-models.ts";
import { openEncoderFolder } from "./sentence-encoders/encoder-folder.ts";
import { fetchEncoder, isHubName } from "./sentence-encoders/fetch-encoder.ts";
import { rememberVectors } from "./sentence-encoders/remember-vectors.ts";

/** Cause: no sentence encoder has this name. Handled by: the caller, who names another one. */
export class SentenceEncoderError extends UserFacingError {}

/** Texts as unit vectors: the dot product of two is their cosine similarity, -1 to 1. */
export interface SentenceEncoder {
  /** What it was opened as, such as "phantom". */
  readonly id: string;
  /** Digest of the content that decides its vectors, 16 hexadecimal digits; read once. */
  digest(): Promise<string>;
  /** One vector a text, in their order; equal texts give equal vectors. Each [width]. Throws: EmptyTextError; CancelledError. */
  encode(texts: readonly string[], signal?: AbortSignal): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/** The encoder that comes with medke: the text tower of the retrieval encoder, which knows the phantom world alone. */
export const DEFAULT_ENCODER = "phantom";

/** The name under which a model offers the mean of its own token embeddings (`EditableModel.sentenceEncoder`). */
export const TOKEN_EMBEDDINGS = "embeddings";

export interface OpenEncoderOptions {
  /** Where it runs, when it has an engine of its own. Default "cpu", so that vectors are the same on every machine. */
  device?: DeviceChoice;
  /** An engine to share; it then stays open when the encoder is disposed. */
  runtime?: Runtime;
  signal?: AbortSignal;
}

/**
 * Opens a sentence encoder, which the caller disposes: "phantom"; a folder with a transformers.js feature-extraction model, or the name of one
 * in the data folder; or the name of one on the hub, such as "Xenova/all-MiniLM-L6-v2", which is fetched once and then needs no network.
 * Vectors of the latest texts are remembered.
 *
 * Throws: SentenceEncoderError for a name that leads nowhere; ModelFolderError, OnnxFormatError, ModelFileError (each names the file);
 * DownloadError; DeviceUnavailableError; CancelledError.
 */
export async function openSentenceEncoder(
  name: string = DEFAULT_ENCODER,
  { device = "cpu", signal, ...shared }: OpenEncoderOptions = {},
): Promise<SentenceEncoder> {
  const folder = await encoderFolder(name, signal);
  const id = isHubName(name) ? name : basename(name);
  const runtime = shared.runtime ?? (await Runtime.start(device));
  const stop = async () => (shared.runtime ? undefined : runtime.dispose());
  try {
    const opened = await openEncoderFolder(folder, runtime);
    const dispose = async () => {
      await opened.release();
      await stop();
    };
    return { id, digest: opened.digest, encode: rememberVectors(opened.encode), dispose };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function encoderFolder(name: string, signal?: AbortSignal): Promise<string> {
  if (name === DEFAULT_ENCODER) return embeddedFolder("phantom-retrieval");
  if (name === TOKEN_EMBEDDINGS)
    throw new SentenceEncoderError(
      `sentence encoder "${name}" is the mean of a model's token embeddings and needs one. Ask the model for it: model.sentenceEncoder("${name}").`,
    );
  const { path } = locateModel(name);
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  if (isHubName(name)) return fetchEncoder(name, signal);
  throw new SentenceEncoderError(
    `sentence encoder "${name}": there is no such folder, and it is no name of a model on the hub either. ` +
      `Take "${DEFAULT_ENCODER}", the path of a folder with tokenizer.json and onnx/model.onnx, or a name such as "Xenova/all-MiniLM-L6-v2".`,
  );
}
