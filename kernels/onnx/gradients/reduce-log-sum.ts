import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

export const reduceLogSum: GradientRule = (call) => {
  const { g, x: [x], y: [y], dy } = call; // prettier-ignore
  return [g.expandLike(reduced(call).restore(g.div(dy, g.op("Exp", [y]))), x)];
};
