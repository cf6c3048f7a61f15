import { basename } from "node:path";
import type { ImageRef } from "../../datasets/case.ts";
import type { RgbImage } from "../../datasets/image.ts";
import { TextOnlyError } from "./text-prompt.ts";
import { Runtime } from "../runtime/runtime.ts";
import type { DeviceChoice } from "../runtime/device.ts";
import { locateModel } from "./embedded-models.ts";
import { imageEncoding } from "./image-features.ts";
import { openInputForm } from "./input-form.ts";
import { readModelFolder } from "./model-folder.ts";
import { openGraph } from "./open-graph.ts";

/** The vision encoder of a model on its own. */
export interface ImageEncoder {
  /** The features of an image, one vector for each of its tokens: [tokens][hidden]. Throws: ImageUnreadableError. */
  encode(image: ImageRef | RgbImage): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

/**
 * Opens the vision encoder of an embedded model or a model folder, which the caller disposes.
 *
 * Throws: UnknownNameError; ModelFolderError, OnnxFormatError; DeviceUnavailableError.
 */
export async function openImageEncoder(
  model: string,
  { device = "cpu" }: { device?: DeviceChoice } = {},
): Promise<ImageEncoder> {
  const { path, id } = locateModel(model);
  const folder = readModelFolder(path, id);
  const form = await openInputForm(folder);
  const { vision } = folder.onnx;
  if (!vision)
    throw new TextOnlyError(
      `model "${folder.id}" reads text alone and has no vision encoder. Take a model that reads images, for example phantom.`,
    );
  const runtime = await Runtime.start(device);
  try {
    const { session } = await openGraph(runtime, vision, `onnx/${basename(vision)}`);
    form.checkEncoder(session);
    const features = imageEncoding(session, form.prepare, form.checkFeatures);
    return {
      encode: async (image) => {
        const { data, dims } = await features(image);
        return rowsOf(data, dims[dims.length - 1]);
      },
      dispose: () => runtime.dispose(),
    };
  } catch (error) {
    await runtime.dispose();
    throw error;
  }
}

const rowsOf = (data: Float32Array, width: number): Float32Array[] =>
  Array.from({ length: data.length / width }, (_, row) => data.subarray(row * width, (row + 1) * width));
