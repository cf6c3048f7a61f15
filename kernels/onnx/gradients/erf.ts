import type { GradientRule } from "./rule.ts";

export const erf: GradientRule = ({ g, x: [x], dy }) => [
  g.mul(dy, g.mul(g.scalar(2 / Math.sqrt(Math.PI), x), g.op("Exp", [g.neg(g.mul(x, x))]))),
];
