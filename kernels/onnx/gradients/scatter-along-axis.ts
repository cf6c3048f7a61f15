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
  const positions = g.op("Unsqueeze", [index, g.ints([indexRank])]);
  const zeros = (sizes: string) => g.op("Expand", [g.scalar(0, like), sizes]);
  const scatter = (into: string, what: string) => g.op("ScatterND", [into, positions, what], { reduction: "add" });
  if (axis === 0) return scatter(zeros(shape), values);
  // ScatterND indexes leading axes only, so the axis moves to the front and back again.
  const others = [...Array(rank).keys()].filter((k) => k !== axis);
  const front = [axis, ...others];
  const back = front.map((_, k) => front.indexOf(k));
  const indexAxes = [...Array(indexRank).keys()].map((k) => k + axis);
  const valueAxes = others.map((k) => (k < axis ? k : k - 1 + indexRank));
  const moved = g.op("Transpose", [values], { perm: [...indexAxes, ...valueAxes] });
  return g.op("Transpose", [scatter(zeros(g.op("Gather", [shape, g.ints(front)])), moved)], { perm: back });
}
