import type { GradientRule } from "./rule.ts";

export const neg: GradientRule = ({ g, dy }) => [g.neg(dy)];
