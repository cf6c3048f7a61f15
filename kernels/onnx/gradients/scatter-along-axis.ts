import type { GradientBuilder } from "./gradient-builder.ts";

/**
 * The transpose of reading along one axis: adds `values` into zeros at the positions `index` of `axis`.
 *
 * Shapes: result `shape` (an int64 value [rank]); index any rank, int64; values: the result's shape with `axis` replaced by index's axes.
 */
export function scatterAlongAxis(
  g: GradientBuilder,
  call: { values: string; index: string; indexRank: number; axis: number; rank: number; shape: string; like: string },
): string {
  const { values, index, indexRank, axis, rank, shape, like } = call;
  const count = g.op("Reshape", [g.op("Size", [index]), g.ints([1])]);
  const others = [...Array(rank).keys()].filter((k) => k !== axis);
  const sizesOf = (axes: readonly number[]) => (axes.length ? [g.op("Gather", [shape, g.ints(axes)])] : []);
  const sizes = g.op("Concat", [...sizesOf(others.slice(0, axis)), count, ...sizesOf(others.slice(axis))], { axis: 0 });
  const updates = indexRank === 1 ? values : g.op("Reshape", [values, sizes], { allowzero: 1 });
  const flat = indexRank === 1 ? index : g.op("Reshape", [index, count], { allowzero: 1 });
  const positions = g.op("Expand", [others.length ? g.op("Unsqueeze", [flat, g.ints(others)]) : flat, sizes]);
  // Not ScatterND, whose positions would be far fewer: on the CPU its threads add to one row at the same time when a position comes
  // twice, and lose what the other one added. ScatterElements goes through its positions in order.
  return g.op("ScatterElements", [g.op("Expand", [g.scalar(0, like), shape]), positions, updates], {
    axis,
    reduction: "add",
  });
}
