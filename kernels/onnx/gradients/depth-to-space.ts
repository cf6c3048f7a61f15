import { intAttribute, stringAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** Splits every pixel block off again; `mode` says whether the block or the channel came first in the depth. */
export const depthToSpace: GradientRule = ({ g, node, x: [x], dy }) => {
  const block = intAttribute(node, "blocksize", 1);
  const blocks = g.ints([block]);
  const channels = g.ints([g.dims(x)[1] / block ** 2]);
  const parts = [g.sizes(x, [0]), channels, g.sizes(x, [2]), blocks, g.sizes(x, [3]), blocks];
  const split = g.op("Reshape", [dy, g.op("Concat", parts, { axis: 0 })]);
  const channelFirst = stringAttribute(node, "mode", "DCR") === "CRD";
  const perm = channelFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
  return [g.reshapeLike(g.op("Transpose", [split], { perm }), x)];
};
