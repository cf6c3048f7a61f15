import type { GradientRule } from "./rule.ts";

export const reciprocal: GradientRule = ({ g, y: [y], dy }) => [g.neg(g.mul(dy, g.mul(y, y)))];
