import { intsAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const transpose: GradientRule = ({ g, node, x: [x], dy }) => {
  const axes = [...Array(g.rank(x)).keys()];
  const perm = intsAttribute(node, "perm") ?? [...axes].reverse();
  return [g.op("Transpose", [dy], { perm: axes.map((axis) => perm.indexOf(axis)) })];
};
