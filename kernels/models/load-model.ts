import { PreTrainedTokenizer } from "@huggingface/transformers";
import { requireKnown } from "../nearest-name.ts";
import { throwIfCancelled } from "../errors.ts";
import { currentHost } from "../host.ts";
import { DEVICES, type DeviceChoice } from "../runtime/device.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import { Decoder } from "./decoder.ts";
import { ImageFeatures } from "./image-features.ts";
import { imagePreparation } from "./image-preparation.ts";
import { type ModelFolder, ModelFolderError, readModelFolder } from "./model-folder.ts";
import { QuestionPrompt } from "./prompt.ts";
import { SequenceBuilder } from "./sequence.ts";
import { VisionLanguageModel } from "./vision-language-model.ts";

/** Used where a model's config names no limit. */
const DEFAULT_CONTEXT = 2048;

export interface LoadOptions {
  /** Default: that of the running notebook cell. A load that is stopped leaves nothing open. */
  signal?: AbortSignal;
  /** Where the model runs. Default: MEDKE_DEVICE, else "auto" (a hardware WebGPU adapter if there is one, otherwise the CPU). */
  device?: DeviceChoice;
  /** Bytes that compiled programs may take before those unused for longest are closed. Default: a quarter of the machine's memory. */
  memory?: number;
}

/**
 * Loads a vision-language model from a local folder in the transformers.js multi-session layout.
 *
 * The caller disposes the model. `model.device` says where it runs and why.
 * Throws: ModelFolderError, OnnxFormatError, ModelFileError (each names the file); DeviceUnavailableError.
 */
export async function loadModel(path: string, options: LoadOptions = {}): Promise<VisionLanguageModel> {
  const choice = requireKnown("device", options.device ?? process.env.MEDKE_DEVICE ?? "auto", DEVICES);
  const signal = options.signal ?? currentHost()?.signal;
  const folder = readModelFolder(path);
  const runtime = await Runtime.start(choice, { memory: options.memory });
  try {
    const decoder = await Decoder.open(runtime, folder.onnx.decoder);
    throwIfCancelled(signal, `loading ${folder.id}`);
    const embed = await openChecked(runtime, folder.onnx.embed, "onnx/embed_tokens.onnx");
    const vision = await openChecked(runtime, folder.onnx.vision, "onnx/vision_encoder.onnx");
    const tokenizer = new PreTrainedTokenizer(folder.tokenizer, folder.tokenizerConfig);
    const features = new ImageFeatures(vision, imagePreparation(folder.preprocess));
    const sequences = new SequenceBuilder(new QuestionPrompt(tokenizer), features, embed);
    const contextLength = numberOr(folder.config.max_position_embeddings, DEFAULT_CONTEXT);
    const endToken = endTokenOf(folder);
    throwIfCancelled(signal, `loading ${folder.id}`);
    currentHost()?.device({ device: runtime.device.device, reason: runtime.device.reason });
    return new VisionLanguageModel({ folder, runtime, decoder, embed, tokenizer, sequences, contextLength, endToken });
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

/** The token that ends an answer; of several, generation stops at each and training teaches the first. */
function endTokenOf({ id, generation, config }: ModelFolder): number {
  const [end] = [generation.eos_token_id ?? config.eos_token_id].flat();
  if (typeof end === "number") return end;
  throw new ModelFolderError(
    `model folder "${id}": neither generation_config.json nor config.json has a number "eos_token_id" (found ${JSON.stringify(end)}). Add it, or export the model again.`,
  );
}

/** Read before the engine does: it would act on a hostile file, and names the faults of a damaged one in its own terms. */
async function openChecked(runtime: Runtime, file: string, where: string): Promise<Session> {
  await readModelFile(file);
  return runtime.open(file, where);
}

const numberOr = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
