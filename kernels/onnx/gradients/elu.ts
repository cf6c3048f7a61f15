import { floatAttribute } from "../attributes.ts";
import { belowZero } from "./below-zero.ts";
import type { GradientRule } from "./rule.ts";

/** y = alpha·(exp x - 1) below zero, whose slope is y + alpha. */
export const elu: GradientRule = (call) => {
  const { g, node, y: [y] } = call; // prettier-ignore
  return [belowZero(call, g.add(y, g.scalar(floatAttribute(node, "alpha", 1), y)))];
};
