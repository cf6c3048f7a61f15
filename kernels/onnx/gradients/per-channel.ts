import type { GradientBuilder } from "./gradient-builder.ts";

/** Channels are axis 1 of x [n, channels, ..]: brings a vector of channels to a shape that broadcasts against x, and sums x's others. */
export function perChannel(g: GradientBuilder, x: string) {
  const spatial = [...Array(g.rank(x)).keys()].slice(2);
  return {
    spatial,
    spread: (vector: string) =>
      spatial.length ? g.op("Unsqueeze", [vector, g.ints(spatial.map((axis) => axis - 1))]) : vector,
    sum: (value: string) => g.sum(value, [0, ...spatial], 0),
  };
}
