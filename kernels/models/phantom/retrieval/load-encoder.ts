import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { AutoImageProcessor, PreTrainedTokenizer } from "@huggingface/transformers";
import type { ImageRef } from "../../../../datasets/case.ts";
import { UserFacingError } from "../../../errors.ts";
import { readModelFile } from "../../../onnx/index.ts";
import type { DeviceChoice } from "../../../runtime/device.ts";
import { Runtime } from "../../../runtime/runtime.ts";
import type { Session } from "../../../runtime/session.ts";
import { int64 } from "../../../tensor.ts";
import { embeddedFolder } from "../../embedded-models.ts";
import { ModelFolderError } from "../../model-folder.ts";
import { antialias, processorImages } from "../../processor.ts";

/** Cause: a text without a single token was to be embedded. Handled by: the caller, who has nothing to look for. */
export class EmptyTextError extends UserFacingError {}

/** Texts and images as unit vectors of one space: the dot product of two is their cosine similarity, -1 to 1. */
export interface RetrievalEncoder {
  /** Throws: EmptyTextError. Shapes: [embedding]. */
  text(text: string): Promise<Float32Array>;
  /** Throws: ImageUnreadableError naming the image. Shapes: [embedding]. */
  image(image: ImageRef): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export interface LoadEncoderOptions {
  /** Where it runs, when it has an engine of its own. Default "cpu": it is too small to gain from another device. */
  device?: DeviceChoice;
  /** An engine to share; it then stays open when the encoder is disposed. */
  runtime?: Runtime;
}

/**
 * Loads a text-and-image encoder from a folder in the transformers.js layout of CLIP with projections: `tokenizer.json`,
 * `preprocessor_config.json`, `onnx/text_model.onnx` and `onnx/vision_model.onnx`. Default: the one that comes with medke, which knows the
 * phantom world alone. The caller disposes it.
 *
 * Throws: ModelFolderError, OnnxFormatError, ModelFileError (each names the file); DeviceUnavailableError.
 */
export async function loadRetrievalEncoder(
  folder = embeddedFolder("phantom-retrieval"),
  options: LoadEncoderOptions = {},
): Promise<RetrievalEncoder> {
  const need = (name: string) => {
    if (existsSync(join(folder, name))) return join(folder, name);
    throw new ModelFolderError(folder, `"${name}" is missing`, "Train the encoder again, or copy the whole folder.");
  };
  const files = ["onnx/text_model.onnx", "onnx/vision_model.onnx"].map(need);
  const { tokenizer, prepare } = await readPreparation(folder, need);
  const runtime = options.runtime ?? (await Runtime.start(options.device ?? "cpu"));
  const sessions: Session[] = [];
  const dispose = async () => {
    for (const session of sessions) await session.release();
    if (!options.runtime) await runtime.dispose();
  };
  try {
    for (const file of files) {
      await readModelFile(file);
      sessions.push(await runtime.open(file, basename(file)));
    }
    const [texts, images] = sessions;
    return {
      async text(text) {
        const ids = tokenizer.encode(text, { add_special_tokens: false });
        if (ids.length === 0)
          throw new EmptyTextError(
            `retrieval encoder: the text "${text}" has no tokens. Pass a question or a caption.`,
          );
        const dims = [1, ids.length];
        const attention_mask = int64(new BigInt64Array(ids.length).fill(1n), dims);
        const { text_embeds } = await texts.run({ input_ids: int64(ids, dims), attention_mask });
        return text_embeds.data as Float32Array;
      },
      async image(image) {
        const { pixel_values } = await prepare(image);
        return (await images.run({ pixel_values })).image_embeds.data as Float32Array;
      },
      dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Tokenizer and image preparation as the folder's files say. */
async function readPreparation(folder: string, need: (name: string) => string) {
  const json = (name: string) => JSON.parse(readFileSync(need(name), "utf8")) as object;
  need("preprocessor_config.json");
  try {
    const tokenizer = new PreTrainedTokenizer(json("tokenizer.json"), json("tokenizer_config.json"));
    const images = await AutoImageProcessor.from_pretrained(folder, { local_files_only: true });
    antialias(images);
    return { tokenizer, prepare: processorImages(images) };
  } catch (cause) {
    if (cause instanceof ModelFolderError) throw cause;
    throw new ModelFolderError(
      folder,
      `its tokenizer or its image preparation cannot be opened (${(cause as Error).message})`,
      "Train the encoder again, or copy the whole folder.",
      { cause },
    );
  }
}
