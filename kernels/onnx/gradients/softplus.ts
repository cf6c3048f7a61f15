import type { GradientRule } from "./rule.ts";

export const softplus: GradientRule = ({ g, x: [x], dy }) => [g.mul(dy, g.op("Sigmoid", [x]))];
