import type { RgbImage } from "../../image.ts";
import type { View } from "../world/scene.ts";

/** Intensities to 8-bit pixels through the exposure and the gamma of a view; one plane is repeated on all three channels. */
export function toneMap(planes: Float32Array[], size: number, { exposure, contrast }: View): RgbImage {
  const data = new Uint8Array(size * size * 3);
  const curve = gammaCurve(contrast);
  const scale = exposure * (CURVE_STEPS / CURVE_TOP);
  const [first, second = first, third = first] = planes;
  const toByte = (value: number) => curve[value <= 0 ? 0 : Math.min(CURVE_STEPS, Math.round(value * scale))];
  for (let i = 0; i < size * size; i++) {
    data[3 * i] = toByte(first[i]);
    data[3 * i + 1] = toByte(second[i]);
    data[3 * i + 2] = toByte(third[i]);
  }
  return { width: size, height: size, data };
}

const CURVE_STEPS = 2048;
const CURVE_TOP = 1.5;

function gammaCurve(gamma: number): Uint8Array {
  const curve = new Uint8Array(CURVE_STEPS + 1);
  for (let i = 0; i <= CURVE_STEPS; i++)
    curve[i] = Math.round(255 * Math.min(1, ((i * CURVE_TOP) / CURVE_STEPS) ** gamma));
  return curve;
}
