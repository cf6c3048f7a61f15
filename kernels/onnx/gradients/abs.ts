import type { GradientRule } from "./rule.ts";

export const abs: GradientRule = ({ g, x: [x], dy }) => [g.mul(dy, g.op("Sign", [x]))];
