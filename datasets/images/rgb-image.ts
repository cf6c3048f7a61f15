/** Pixels of one image: row-major interleaved RGB. Shapes: data.length === height * width * 3; units: 0..255. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Repeats grey levels (0..255) on three channels. */
export function greyToRgb(levels: ArrayLike<number>, level: (value: number) => number = (value) => value): Uint8Array {
  const data = new Uint8Array(levels.length * 3);
  for (let i = 0; i < levels.length; i++) data[3 * i] = data[3 * i + 1] = data[3 * i + 2] = level(levels[i]);
  return data;
}
