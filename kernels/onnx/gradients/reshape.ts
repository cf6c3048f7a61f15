import type { GradientRule } from "./rule.ts";

export const reshape: GradientRule = ({ g, x: [x], dy }) => [g.reshapeLike(dy, x)];
