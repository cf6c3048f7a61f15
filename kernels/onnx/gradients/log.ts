import type { GradientRule } from "./rule.ts";

export const log: GradientRule = ({ g, x: [x], dy }) => [g.div(dy, x)];
