import type { GradientRule } from "./rule.ts";

export const cos: GradientRule = ({ g, x: [x], dy }) => [g.neg(g.mul(dy, g.op("Sin", [x])))];
