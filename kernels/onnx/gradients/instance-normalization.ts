import { floatAttribute } from "../attributes.ts";
import { normalised } from "./normalised.ts";
import { perChannel } from "./per-channel.ts";
import type { GradientRule } from "./rule.ts";

/** Every channel of every image is normalised by itself. */
export const instanceNormalization: GradientRule = ({ g, node, x: [x, scale], dy }) => {
  const { spatial, spread, sum } = perChannel(g, x);
  const { normal, back } = normalised(g, x, spatial, floatAttribute(node, "epsilon", 1e-5), x);
  return [back(g.mul(dy, spread(scale))), sum(g.mul(dy, normal)), sum(dy)];
};
