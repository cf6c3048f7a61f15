import type { GradientRule } from "./rule.ts";

/** y = x·h with h = x/6 + 1/2 between -3 and 3, 0 below and 1 above. */
export const hardSwish: GradientRule = ({ g, x: [x], dy }) => {
  const low = g.op("Less", [x, g.scalar(-3, x)]);
  const high = g.op("Greater", [x, g.scalar(3, x)]);
  const slope = g.add(g.div(x, g.scalar(3, x)), g.scalar(0.5, x));
  const capped = g.op("Where", [high, g.scalar(1, x), slope]);
  return [g.op("Where", [low, g.scalar(0, x), g.mul(dy, capped)])];
};
