import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const concat: GradientRule = ({ g, node, x, y: [y], dy }) => {
  const axis = g.axis(y, intAttribute(node, "axis", 0));
  if (x.length === 1) return [dy];
  const sizes = g.op(
    "Concat",
    x.map((part) => g.sizes(part, [axis])),
    { axis: 0 },
  );
  return g.ops("Split", [dy, sizes], x.length, { axis });
};
