import type { GradientRule } from "./rule.ts";

/** y[i] = start + i·delta; the limit only decides how many there are. */
export const range: GradientRule = ({ g, x: [, limit], y: [y], dy }) => {
  const i = g.cast(g.op("Range", [g.int(0), g.op("Size", [y]), g.int(1)]), g.type(y));
  return [g.total(dy), g.zerosLike(limit), g.total(g.mul(dy, i))];
};
