import { floatAttribute } from "../attributes.ts";
import { belowZero } from "./below-zero.ts";
import type { GradientRule } from "./rule.ts";

/** y = gamma·alpha·(exp x - 1) below zero and gamma·x above. */
export const selu: GradientRule = (call) => {
  const { g, node, y: [y] } = call; // prettier-ignore
  const alpha = floatAttribute(node, "alpha", 1.67326319217681884765625);
  const gamma = floatAttribute(node, "gamma", 1.05070102214813232421875);
  return [belowZero(call, g.add(y, g.scalar(alpha * gamma, y)), g.scalar(gamma, y))];
};
