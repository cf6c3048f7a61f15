import type { GradientBuilder } from "./gradient-builder.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";
import { scatterAlongAxis } from "./scatter-along-axis.ts";

/** Starts, ends and sizes are read at run time: they may depend on the sequence length, and negative ones count from the end. */
export const slice: GradientRule = ({ g, node, x: [x, starts, ends, axesInput, steps], y: [y], dy }) => {
  const listed = axesInput ? g.constant(axesInput) : [...Array(g.dims(starts)[0]).keys()];
  if (!listed)
    throw new UnsupportedGradientError(
      node,
      "has axes that are computed at run time",
      "Export the model with constant axes",
    );
  const axes = listed.map((axis) => g.axis(x, axis));
  const int64 = (value: string) => (g.type(value) === "int64" ? value : g.cast(value, "int64"));
  const contiguous = !steps || g.constant(steps)?.every((step) => step === 1);
  if (!contiguous) return [scatterSteps(g, x, dy, axes, int64(starts), int64(ends), int64(steps))];
  const before = firstPositions(g, x, starts, int64(starts), axes);
  const after = g.sub(g.sub(g.shape(x), g.shape(y)), before);
  return [g.op("Pad", [dy, g.op("Concat", [before, after], { axis: 0 })])];
};

/** First position read on every axis, clamped as Slice does: int64 [rank]. */
function firstPositions(g: GradientBuilder, x: string, starts: string, start: string, axes: readonly number[]): string {
  const rank = g.rank(x);
  if (g.constant(starts)?.every((value) => value === 0)) return g.ints(Array(rank).fill(0));
  const sizes = g.sizes(x, axes);
  const zero = g.ints([0]);
  const fromFront = g.op("Where", [g.op("Less", [start, zero]), g.add(start, sizes), start]);
  const clamped = g.op("Max", [g.op("Min", [fromFront, sizes]), zero]);
  const place = [...Array(rank).keys()].map((axis) => (axes.includes(axis) ? axes.indexOf(axis) : axes.length));
  return g.op("Gather", [g.op("Concat", [clamped, zero], { axis: 0 }), g.ints(place)]);
}

/** Steps other than 1 leave gaps or run backwards: slices the positions with the same bounds and adds the gradient there, axis by axis. */
function scatterSteps(
  g: GradientBuilder,
  x: string,
  dy: string,
  axes: readonly number[],
  starts: string,
  ends: string,
  steps: string,
): string {
  const rank = g.rank(x);
  let value = dy;
  axes.forEach((axis, i) => {
    const at = (list: string) => g.op("Gather", [list, g.ints([i])]);
    const size = g.sizes(x, [axis]);
    const all = g.op("Range", [g.int(0), g.op("Squeeze", [size, g.ints([0])]), g.int(1)]);
    const index = g.op("Slice", [all, at(starts), at(ends), g.ints([0]), at(steps)]);
    const now = g.op("Shape", [value]);
    const sizes = [...Array(rank).keys()].map((k) => (k === axis ? size : g.op("Gather", [now, g.ints([k])])));
    const shape = g.op("Concat", sizes, { axis: 0 });
    value = scatterAlongAxis(g, { values: value, index, indexRank: 1, axis, rank, shape, like: x });
  });
  return value;
}
