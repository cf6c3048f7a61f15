import type { GradientRule } from "./rule.ts";

export const sigmoid: GradientRule = ({ g, y: [y], dy }) => [g.mul(dy, g.mul(y, g.sub(g.scalar(1, y), y)))];
