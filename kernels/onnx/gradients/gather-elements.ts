import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const gatherElements: GradientRule = ({ g, node, x: [x, index], dy }) => [
  g.op("ScatterElements", [g.zerosLike(x), index, dy], { axis: intAttribute(node, "axis", 0), reduction: "add" }),
];
