import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const split: GradientRule = ({ g, node, x: [x], y, dys }) => {
  const parts = y.map((part, i) => dys[i] ?? g.zerosLike(part));
  return [g.op("Concat", parts, { axis: g.axis(x, intAttribute(node, "axis", 0)) })];
};
