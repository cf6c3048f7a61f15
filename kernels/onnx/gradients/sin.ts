import type { GradientRule } from "./rule.ts";

export const sin: GradientRule = ({ g, x: [x], dy }) => [g.mul(dy, g.op("Cos", [x]))];
