import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

/** The softmax, exp(x - y), which cannot overflow. */
export const reduceLogSumExp: GradientRule = (call) => {
  const { g, x: [x], y: [y], dy } = call; // prettier-ignore
  const { restore } = reduced(call);
  return [g.mul(g.op("Exp", [g.sub(x, restore(y))]), restore(dy))];
};
