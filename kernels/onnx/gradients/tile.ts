import type { GradientRule } from "./rule.ts";

/** Splits every axis into repeats × size at run time and sums over the repeats. */
export const tile: GradientRule = ({ g, x: [x, repeats], dy }) => {
  const column = (list: string) => g.op("Unsqueeze", [list, g.ints([1])]);
  const pairs = g.op("Concat", [column(repeats), column(g.shape(x))], { axis: 1 });
  const split = g.op("Reshape", [dy, g.op("Reshape", [pairs, g.ints([-1])])], { allowzero: 1 });
  const axes = [...Array(g.rank(x)).keys()].map((axis) => 2 * axis);
  return [g.sum(split, axes, 0)];
};
