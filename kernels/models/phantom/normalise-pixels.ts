import type { RgbImage } from "../../../datasets/image.ts";
import { PHANTOM } from "./config.ts";

/** Mean and deviation that the model subtracts and divides by, of values from 0 to 1: about those of the pictures, the same for all channels. */
export const PIXEL_MEAN = 0.35;
export const PIXEL_STD = 0.25;

/** What the image processor does to a picture of the model's size, written to `out` from `offset`: [3, height, width]. */
export function normalisePixels({ width, height, data }: RgbImage, out: Float32Array, offset: number): void {
  const area = width * height;
  for (let i = 0; i < area; i++)
    for (let channel = 0; channel < 3; channel++)
      out[offset + channel * area + i] = (data[3 * i + channel] / 255 - PIXEL_MEAN) / PIXEL_STD;
}

/** The same as a transformers.js image processor is told it, but for the processor's name. */
export const PREPROCESSING = {
  do_resize: true,
  size: { height: PHANTOM.image, width: PHANTOM.image },
  resample: 3,
  do_rescale: true,
  rescale_factor: 1 / 255,
  do_normalize: true,
  image_mean: [PIXEL_MEAN, PIXEL_MEAN, PIXEL_MEAN],
  image_std: [PIXEL_STD, PIXEL_STD, PIXEL_STD],
};
