import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const spaceToDepth: GradientRule = ({ g, node, dy }) => [
  g.op("DepthToSpace", [dy], { blocksize: intAttribute(node, "blocksize", 1), mode: "DCR" }),
];
