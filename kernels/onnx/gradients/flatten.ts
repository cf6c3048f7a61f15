import type { GradientRule } from "./rule.ts";

export const flatten: GradientRule = ({ g, x: [x], dy }) => [g.reshapeLike(dy, x)];
