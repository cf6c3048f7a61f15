import type { GradientRule } from "./rule.ts";

export const sqrt: GradientRule = ({ g, x: [x], y: [y], dy }) => [g.div(g.mul(dy, g.scalar(0.5, x)), y)];
