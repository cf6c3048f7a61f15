import type { GradientRule } from "./rule.ts";

/** y = x / (1 + |x|). */
export const softsign: GradientRule = ({ g, x: [x], dy }) => {
  const below = g.add(g.scalar(1, x), g.op("Abs", [x]));
  return [g.div(dy, g.mul(below, below))];
};
