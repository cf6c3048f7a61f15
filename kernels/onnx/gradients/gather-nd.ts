import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** Elements that were read several times receive the sum. */
export const gatherNd: GradientRule = ({ g, node, x: [x, index], dy }) => {
  const batch = intAttribute(node, "batch_dims", 0);
  const rank = g.rank(index);
  // ScatterND knows no batch axes: their positions are written in front of the index.
  const columns = [...Array(batch).keys()].map((axis) => {
    const size = g.sizes(index, [axis]);
    const positions = g.op("Range", [g.int(0), g.op("Squeeze", [size, g.ints([0])]), g.int(1)]);
    const shaped = g.op("Unsqueeze", [positions, g.ints([...Array(rank).keys()].filter((k) => k !== axis))]);
    const leading = g.sizes(index, [...Array(rank - 1).keys()]);
    return g.op("Expand", [shaped, g.op("Concat", [leading, g.ints([1])], { axis: 0 })]);
  });
  const full = batch ? g.op("Concat", [...columns, index], { axis: rank - 1 }) : index;
  return [g.op("ScatterND", [g.zerosLike(x), full, dy], { reduction: "add" })];
};
