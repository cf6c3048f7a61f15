import { floatAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** y = x·s with s = sigmoid(alpha·x): s + alpha·y·(1 - s). */
export const swish: GradientRule = ({ g, node, x: [x], y: [y], dy }) => {
  const alpha = g.scalar(floatAttribute(node, "alpha", 1), x);
  const s = g.op("Sigmoid", [g.mul(alpha, x)]);
  return [g.mul(dy, g.add(s, g.mul(g.mul(alpha, y), g.sub(g.scalar(1, x), s))))];
};
