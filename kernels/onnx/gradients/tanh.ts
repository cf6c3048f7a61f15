import type { GradientRule } from "./rule.ts";

export const tanh: GradientRule = ({ g, y: [y], dy }) => [g.mul(dy, g.sub(g.scalar(1, y), g.mul(y, y)))];
