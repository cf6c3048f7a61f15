import { stringAttribute } from "../attributes.ts";
import { geluExact, geluTanh } from "./activation-slopes.ts";
import type { GradientRule } from "./rule.ts";

export const gelu: GradientRule = ({ g, node, x: [x], y: [y], dy }) => {
  const { slope } = stringAttribute(node, "approximate", "none") === "tanh" ? geluTanh : geluExact;
  return [slope(g, x, y, dy)];
};
