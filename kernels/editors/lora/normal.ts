import type { Random } from "../../random.ts";

/** Independent normal numbers of mean 0 and the given deviation. Source: Box and Muller 1958. */
export function normal(stream: Random, count: number, deviation: number): Float32Array {
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - stream.between(0, 1)));
    const angle = 2 * Math.PI * stream.between(0, 1);
    out[i] = radius * Math.cos(angle);
    if (i + 1 < count) out[i + 1] = radius * Math.sin(angle);
  }
  return out;
}
