import type { GradientBuilder } from "./gradient-builder.ts";

/** n = (x - mean)·inverse with inverse = 1 / sqrt(variance + epsilon), and the way back. */
export interface Normalised {
  normal: string;
  inverse: string;
  /** Turns a gradient for n into one for x; `product` is dn·n, where it is there already. */
  back(dn: string, product?: string): string;
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
  return withWayBack(g, g.mul(centred, inverse), inverse, axes, centre);
}

export function withWayBack(
  g: GradientBuilder,
  normal: string,
  inverse: string,
  axes: readonly number[],
  centre = true,
): Normalised {
  const back = (dn: string, product = g.mul(dn, normal)) => {
    const level = centre ? g.sub(dn, g.mean(dn, axes)) : dn;
    return g.mul(g.sub(level, g.mul(normal, g.mean(product, axes))), inverse);
  };
  return { normal, inverse, back };
}
