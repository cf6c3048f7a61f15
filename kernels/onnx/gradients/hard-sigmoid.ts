import { floatAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const hardSigmoid: GradientRule = ({ g, node, x: [x], y: [y], dy }) => {
  const inside = g.op("And", [g.op("Greater", [y, g.scalar(0, y)]), g.op("Less", [y, g.scalar(1, y)])]);
  return [g.only(inside, g.mul(dy, g.scalar(floatAttribute(node, "alpha", 0.2), x)), x)];
};
