import { intAttribute, intsAttribute, stringAttribute } from "../attributes.ts";
import type { AttributeValue } from "../attributes.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** The gradient goes to the element that was the largest of its window (the first of equals), found by pooling again for positions. */
export const maxPool: GradientRule = ({ g, node, x: [x], dy, dys }) => {
  if (dys[1]) throw new UnsupportedGradientError(node, "passes its positions on", "Choose sites after this node");
  const attributes: Record<string, AttributeValue> = {
    auto_pad: stringAttribute(node, "auto_pad", "NOTSET"),
    ceil_mode: intAttribute(node, "ceil_mode", 0),
  };
  for (const name of ["kernel_shape", "strides", "pads", "dilations"]) {
    const values = intsAttribute(node, name);
    if (values) attributes[name] = values;
  }
  const [, positions] = g.ops("MaxPool", [x], 2, attributes);
  const flat = (value: string) => g.op("Reshape", [value, g.ints([-1])]);
  const spread = g.op("ScatterElements", [flat(g.zerosLike(x)), flat(positions), flat(dy)], {
    axis: 0,
    reduction: "add",
  });
  return [g.reshapeLike(spread, x)];
};
