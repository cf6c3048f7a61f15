import type { RgbImage } from "../../../../datasets/image.ts";

/** An encoder that needs no model: mean and deviation of the colours of each of 8 x 8 fields, of every fourth pixel. Blind, as confusion needs it, to most of what is small. */
export async function gridEncoder({ width, height, data }: RgbImage): Promise<Float32Array[]> {
  const fields = Array.from({ length: 64 }, () => new Float32Array(6));
  for (let y = 0; y < height; y += 2)
    for (let x = 0; x < width; x += 2) {
      const field = fields[Math.floor((8 * y) / height) * 8 + Math.floor((8 * x) / width)];
      for (let channel = 0; channel < 3; channel++) {
        const value = data[3 * (y * width + x) + channel] / 255;
        field[channel] += (256 * value) / (width * height);
        field[3 + channel] += (256 * value ** 2) / (width * height);
      }
    }
  for (const field of fields)
    for (let channel = 0; channel < 3; channel++)
      field[3 + channel] = Math.sqrt(Math.max(0, field[3 + channel] - field[channel] ** 2));
  return fields;
}
