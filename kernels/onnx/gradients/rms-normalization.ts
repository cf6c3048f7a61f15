import { floatAttribute, intAttribute } from "../attributes.ts";
import { normalised } from "./normalised.ts";
import type { GradientRule } from "./rule.ts";

/** y = n·scale with n = x / sqrt(mean x² + epsilon) over the axes from `axis` on. */
export const rmsNormalization: GradientRule = ({ g, node, x: [x, scale], dy }) => {
  const axes = [...Array(g.rank(x)).keys()].slice(g.axis(x, intAttribute(node, "axis", -1)));
  const { normal, back } = normalised(g, x, axes, floatAttribute(node, "epsilon", 1e-5), x, false);
  return [back(g.mul(dy, scale)), g.unbroadcast(g.mul(dy, normal), g.dims(x), scale)];
};
