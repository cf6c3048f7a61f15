import type { GradientRule } from "./rule.ts";

export const squeeze: GradientRule = ({ g, x: [x], dy }) => [g.reshapeLike(dy, x)];
