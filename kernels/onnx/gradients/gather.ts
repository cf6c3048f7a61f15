import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";
import { scatterAlongAxis } from "./scatter-along-axis.ts";

/** Rows that were read several times receive the sum. */
export const gather: GradientRule = ({ g, node, x: [x, index], dy }) => {
  const positions = g.type(index) === "int64" ? index : g.cast(index, "int64");
  const axis = g.axis(x, intAttribute(node, "axis", 0));
  return [
    scatterAlongAxis(g, {
      values: dy,
      index: positions,
      indexRank: g.rank(index),
      axis,
      rank: g.rank(x),
      shape: g.shape(x),
      like: x,
    }),
  ];
};
