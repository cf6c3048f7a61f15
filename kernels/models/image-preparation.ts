import { RawImage, SiglipImageProcessor } from "@huggingface/transformers";
import type { ImageRef } from "../../datasets/case.ts";
import { decodeRgb, type RgbImage } from "../../datasets/image.ts";
import { float32, type Tensor } from "../tensor.ts";
import type { Preprocess } from "./model-folder.ts";
import { resize } from "./resize.ts";

/** Turns an image file, or pixels, into what a vision encoder reads, by the names of its inputs: `pixel_values`, and with some models more. */
export type ImagePreparation = (image: ImageRef | RgbImage) => Promise<Record<string, Tensor>>;

/** The pixels of an image. Throws: ImageUnreadableError where it is a file that cannot be read. */
export const pixelsOf = async (image: ImageRef | RgbImage): Promise<RgbImage> =>
  "path" in image ? decodeRgb(image) : image;

/**
 * Resizes to a square with Pillow's bicubic filter (transformers.js resizes without antialiasing), then scales and normalises with
 * transformers.js. Result: `pixel_values` [1, 3, size, size].
 *
 * `mean` and `std` are in pixel units (0 to 255); transformers.js wants them after rescaling to 0..1.
 */
export function imagePreparation({ image_size, mean, std }: Preprocess): ImagePreparation {
  const processor = new SiglipImageProcessor({
    do_resize: false,
    do_rescale: true,
    rescale_factor: 1 / 255,
    do_normalize: true,
    image_mean: [mean / 255, mean / 255, mean / 255],
    image_std: [std / 255, std / 255, std / 255],
  } as never);
  return async (image) => {
    const { data, width, height } = await pixelsOf(image);
    const pixels = resize(data, width, height, image_size, image_size);
    const { pixel_values } = await processor([new RawImage(pixels, image_size, image_size, 3)]);
    return { pixel_values: float32(pixel_values.data as Float32Array, pixel_values.dims) };
  };
}
