import { AutoProcessor, type ImageProcessor, type Processor, RawImage } from "@huggingface/transformers";
import { fromHub } from "./hub-tensor.ts";
import { type ImagePreparation, pixelsOf } from "./image-preparation.ts";
import { type ModelFolder, ModelFolderError } from "./model-folder.ts";
import { resize, type ResizeFilter } from "./resize.ts";

/** The parts of a processor that image-text models have. */
export interface OpenProcessor {
  processor: Processor;
  tokenizer: NonNullable<Processor["tokenizer"]>;
  images: ImageProcessor;
}

/**
 * Opens transformers.js's processor for a model folder, from its files alone.
 *
 * Throws: ModelFolderError where files are missing or name a processor that transformers.js does not have.
 */
export async function openProcessor({ path }: ModelFolder): Promise<OpenProcessor> {
  let processor: Processor;
  try {
    processor = await AutoProcessor.from_pretrained(path, { local_files_only: true });
  } catch (cause) {
    throw new ModelFolderError(
      path,
      `transformers.js cannot open its processor (${(cause as Error).message})`,
      "Check preprocessor_config.json and processor_config.json against the model's export.",
      { cause },
    );
  }
  const { tokenizer, image_processor: images } = processor;
  if (!tokenizer || !images)
    throw new ModelFolderError(
      path,
      'preprocessor_config.json has no "processor_class" for images and text that transformers.js knows',
      'Add it as the model\'s export states it, for example "LlavaProcessor".',
    );
  antialias(images);
  return { processor, tokenizer, images };
}

/** Image preparation as the processor does it, but for the resizing filter. */
export function processorImages(images: ImageProcessor): ImagePreparation {
  return async (image) => {
    const { data, width, height } = await pixelsOf(image);
    const inputs: Record<string, unknown> = await images(new RawImage(data, width, height, 3));
    const tensors = Object.entries(inputs).filter(([, value]) => isTensor(value));
    return Object.fromEntries(tensors.map(([name, value]) => [name, fromHub(value as never)]));
  };
}

const isTensor = (value: unknown) =>
  typeof value === "object" && value !== null && "dims" in value && "data" in value && "type" in value;

/** Pillow's numbers for its filters, as preprocessor_config.json gives them in "resample". */
const BY_NUMBER: Record<number, ResizeFilter> = { 1: "lanczos", 2: "bilinear", 3: "bicubic", 4: "box" };

/**
 * Puts our filter in the place of transformers.js's, which resizes without antialiasing: models are trained on images that Pillow has
 * resized, and answer otherwise on such pixels. An image that has the model's size already is never resampled. Nearest-neighbour needs
 * no antialiasing and stays theirs.
 */
export function antialias(images: ImageProcessor): void {
  const filter = BY_NUMBER[images.resample as number];
  if (!filter) return;
  images.resize = async (image) => {
    const [width, height] = images.get_resize_output_image_size(image, images.size);
    if (image.width === width && image.height === height) return image;
    const rgb = Uint8Array.from(image.clone().rgb().data);
    return new RawImage(resize(rgb, image.width, image.height, width, height, filter), width, height, 3);
  };
}
