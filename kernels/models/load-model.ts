import { PreTrainedTokenizer } from "@huggingface/transformers";
import { requireKnown } from "../nearest-name.ts";
import { currentHost } from "../host.ts";
import { DEVICES, type DeviceChoice } from "../runtime/device.ts";
import { readModelFile } from "../onnx/read-model-file.ts";
import { Runtime } from "../runtime/runtime.ts";
import type { Session } from "../runtime/session.ts";
import { Decoder } from "./decoder.ts";
import { ImageFeatures } from "./image-features.ts";
import { imagePreparation } from "./image-preparation.ts";
import { readModelFolder } from "./model-folder.ts";
import { QuestionPrompt } from "./prompt.ts";
import { SequenceBuilder } from "./sequence.ts";
import { VisionLanguageModel } from "./vision-language-model.ts";

/** Used where a model's config names no limit. */
const DEFAULT_CONTEXT = 2048;

export interface LoadOptions {
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
  const folder = readModelFolder(path);
  const runtime = await Runtime.start(choice, { memory: options.memory });
  try {
    const decoder = await Decoder.open(runtime, folder.onnx.decoder);
    const embed = await openChecked(runtime, folder.onnx.embed, "onnx/embed_tokens.onnx");
    const vision = await openChecked(runtime, folder.onnx.vision, "onnx/vision_encoder.onnx");
    const tokenizer = new PreTrainedTokenizer(folder.tokenizer, folder.tokenizerConfig);
    const features = new ImageFeatures(vision, imagePreparation(folder.preprocess));
    const sequences = new SequenceBuilder(new QuestionPrompt(tokenizer), features, embed);
    const contextLength = numberOr(folder.config.max_position_embeddings, DEFAULT_CONTEXT);
    const endToken = numberOr(folder.generation.eos_token_id ?? folder.config.eos_token_id, 0);
    currentHost()?.device({ device: runtime.device.device, reason: runtime.device.reason });
    return new VisionLanguageModel({ folder, runtime, decoder, embed, tokenizer, sequences, contextLength, endToken });
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

/** Read before the engine does: it would act on a hostile file, and names the faults of a damaged one in its own terms. */
async function openChecked(runtime: Runtime, file: string, where: string): Promise<Session> {
  await readModelFile(file);
  return runtime.open(file, where);
}

const numberOr = (value: unknown, otherwise: number) => (typeof value === "number" ? value : otherwise);
