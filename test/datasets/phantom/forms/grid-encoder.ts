import type { RgbImage } from "../../../../datasets/image.ts";

/** An encoder that needs no model: the mean colour of each of 4 x 4 fields. Blind, as confusion needs it, to most of what is small. */
export async function gridEncoder({ width, height, data }: RgbImage): Promise<Float32Array> {
  const fields = new Float32Array(4 * 4 * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const field = Math.floor((4 * y) / height) * 4 + Math.floor((4 * x) / width);
      for (let channel = 0; channel < 3; channel++)
        fields[3 * field + channel] += (16 * data[3 * (y * width + x) + channel]) / (255 * width * height);
    }
  return fields;
}
