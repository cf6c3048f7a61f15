import type { GradientRule } from "./rule.ts";

export const exp: GradientRule = ({ g, y: [y], dy }) => [g.mul(dy, y)];
