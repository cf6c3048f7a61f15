import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** dx = dy - softmax(x)·Σ dy along the axis. */
export const logSoftmax: GradientRule = ({ g, node, y: [y], dy }) => {
  const axis = g.axis(y, intAttribute(node, "axis", -1));
  return [g.sub(dy, g.mul(g.op("Exp", [y]), g.sum(dy, [axis])))];
};
