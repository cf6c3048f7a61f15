import { intsAttribute } from "../attributes.ts";
import { lastTwo } from "./exchanged-axes.ts";
import type { GradientRule } from "./rule.ts";

export const transpose: GradientRule = ({ g, node, x: [x], dy }) => {
  const rank = g.rank(x);
  const axes = [...Array(rank).keys()];
  const perm = intsAttribute(node, "perm") ?? [...axes].reverse();
  if (perm.join() === lastTwo(rank).join()) return [g.exchanged.of(dy, rank)];
  return [g.op("Transpose", [dy], { perm: axes.map((axis) => perm.indexOf(axis)) })];
};
