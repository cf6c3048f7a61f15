import type { GradientRule } from "./rule.ts";

/** To the largest elements of every channel, in equal shares where several are. */
export const globalMaxPool: GradientRule = ({ g, x: [x], y: [y], dy }) => {
  const hit = g.cast(g.op("Equal", [x, y]), g.type(x));
  const ties = g.sum(hit, [...Array(g.rank(x)).keys()].slice(2));
  return [g.mul(g.div(hit, ties), dy)];
};
