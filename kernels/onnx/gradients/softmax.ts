import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** dx = y·(dy - Σ dy·y) along the axis. */
export const softmax: GradientRule = ({ g, node, y: [y], dy }) => {
  const axis = g.axis(y, intAttribute(node, "axis", -1));
  return [g.mul(y, g.sub(dy, g.sum(g.mul(dy, y), [axis])))];
};
