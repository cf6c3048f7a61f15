import { basename } from "node:path";
import { requireKnown } from "../nearest-name.ts";
import { throwIfCancelled } from "../errors.ts";
import { currentHost } from "../host.ts";
import { DEVICES, type DeviceChoice } from "../runtime/device.ts";
import { Runtime } from "../runtime/runtime.ts";
import { Decoder } from "./decoder.ts";
import { requireKnownInputs } from "./decoder-feeds.ts";
import { locateModel } from "./embedded-models.ts";
import { endTokens } from "./end-tokens.ts";
import { openInputForm } from "./input-form.ts";
import { readModelFolder } from "./model-folder.ts";
import { openGraph } from "./open-graph.ts";
import { SequenceBuilder } from "./sequence.ts";
import { VisionTower } from "./vision-tower.ts";
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
 * Loads a vision-language model: "phantom", which comes with medke, or one from a local folder in the transformers.js multi-session
 * layout, with its processor files and chat template, or with a `preprocess.json`. A folder with `onnx/model.onnx` alone is a model of
 * text, which answers and is edited in the same way and refuses images.
 *
 * The caller disposes the model. `model.device` says where it runs and why.
 * Throws: UnknownNameError; ModelFolderError, OnnxFormatError, ModelFileError (each names the file); SurgeryError; DeviceUnavailableError.
 */
export async function loadModel(model: string, options: LoadOptions = {}): Promise<VisionLanguageModel> {
  const choice = requireKnown("device", options.device ?? process.env.MEDKE_DEVICE ?? "auto", DEVICES);
  const signal = options.signal ?? currentHost()?.signal;
  const { path, id } = locateModel(model);
  const folder = readModelFolder(path, id);
  const [endToken] = endTokens(folder);
  const form = await openInputForm(folder);
  const runtime = await Runtime.start(choice, { memory: options.memory });
  try {
    const { vision, embed: lookup, decoder: file } = folder.onnx;
    const opened = lookup ? { decoder: await Decoder.open(runtime, file) } : await Decoder.openText(runtime, file);
    const { decoder } = opened;
    requireKnownInputs(folder, decoder.base.inputs);
    throwIfCancelled(signal, `loading ${folder.id}`);
    const embed =
      "embed" in opened ? opened.embed : (await openGraph(runtime, lookup!, `onnx/${basename(lookup!)}`)).session;
    const tower = vision ? await VisionTower.open(runtime, vision, form) : undefined;
    const sequences = new SequenceBuilder(form.prompt, tower?.features, embed, form.network.merge);
    const passes = { forward: 0, backward: 0 };
    const contextLength = contextOf(folder.config);
    throwIfCancelled(signal, `loading ${folder.id}`);
    currentHost()?.device({ device: runtime.device.device, reason: runtime.device.reason });
    return new VisionLanguageModel({
      folder,
      form,
      runtime,
      decoder,
      vision: tower,
      embed,
      sequences,
      contextLength,
      endToken,
      passes,
    });
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

function contextOf({ max_position_embeddings: own, text_config }: Record<string, unknown>): number {
  const limit = own ?? (text_config as Record<string, unknown> | undefined)?.max_position_embeddings;
  return typeof limit === "number" ? limit : DEFAULT_CONTEXT;
}
