import type { GradientRule } from "./rule.ts";

export const unsqueeze: GradientRule = ({ g, x: [x], dy }) => [g.reshapeLike(dy, x)];
