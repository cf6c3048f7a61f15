import type { GradientRule } from "./rule.ts";

/** At 0 the gradient is 0, as in PyTorch. */
export const relu: GradientRule = ({ g, x: [x], dy }) => [g.only(g.op("Greater", [x, g.scalar(0, x)]), dy, x)];
