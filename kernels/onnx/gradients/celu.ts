import { floatAttribute } from "../attributes.ts";
import { belowZero } from "./below-zero.ts";
import type { GradientRule } from "./rule.ts";

/** y = alpha·(exp(x/alpha) - 1) below zero. */
export const celu: GradientRule = (call) => {
  const { g, node, y: [y] } = call; // prettier-ignore
  return [belowZero(call, g.add(g.div(y, g.scalar(floatAttribute(node, "alpha", 1), y)), g.scalar(1, y)))];
};
