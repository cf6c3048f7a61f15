import type { GradientBuilder } from "./gradient-builder.ts";

/** n = (x - mean) / sqrt(variance + epsilon), and the way back: `back` turns a gradient for n into one for x. */
export interface Normalised {
  normal: string;
  back(dn: string): string;
}

/** Normalises x (a value of the element type of `like`) over `axes`; without `centre` the mean is not subtracted (RMS norms). */
export function normalised(
  g: GradientBuilder,
  x: string,
  axes: readonly number[],
  epsilon: number,
  like: string,
  centre = true,
): Normalised {
  const centred = centre ? g.sub(x, g.mean(x, axes)) : x;
  const deviation = g.op("Sqrt", [g.add(g.mean(g.mul(centred, centred), axes), g.scalar(epsilon, like))]);
  // Taken once a row: a product with the inverse costs less than a quotient at every value.
  const inverse = g.op("Reciprocal", [deviation]);
  const normal = g.mul(centred, inverse);
  const back = (dn: string) => {
    const level = centre ? g.sub(dn, g.mean(dn, axes)) : dn;
    return g.mul(g.sub(level, g.mul(normal, g.mean(g.mul(dn, normal), axes))), inverse);
  };
  return { normal, back };
}
