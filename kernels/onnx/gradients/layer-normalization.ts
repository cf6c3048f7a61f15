import { floatAttribute, intAttribute } from "../attributes.ts";
import { normalised } from "./normalised.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** y = n·scale + bias with n = (x - mean) / sqrt(variance + epsilon) over the axes from `axis` on. */
export const layerNormalization: GradientRule = ({ g, node, x: [x, scale, bias], dy, dys }) => {
  if (dys[1] || dys[2])
    throw new UnsupportedGradientError(node, "passes its mean or deviation on", "Choose sites after this node");
  const axes = [...Array(g.rank(x)).keys()].slice(g.axis(x, intAttribute(node, "axis", -1)));
  const { normal, back } = normalised(g, x, axes, floatAttribute(node, "epsilon", 1e-5), x);
  return [
    back(g.mul(dy, scale)),
    g.unbroadcast(g.mul(dy, normal), g.dims(x), scale),
    bias ? g.unbroadcast(dy, g.dims(x), bias) : undefined,
  ];
};
