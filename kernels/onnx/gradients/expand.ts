import type { GradientRule } from "./rule.ts";

export const expand: GradientRule = ({ g, x: [x], y: [y], dy }) => [g.unbroadcast(dy, g.dims(y), x)];
