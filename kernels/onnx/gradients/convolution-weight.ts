import type { RuleCall } from "./rule.ts";
import type { SlidingWindow } from "./sliding-window.ts";

/**
 * Gradient of a convolution's weight: the large side (padded to what the windows cover) correlated with the small side. It is itself a
 * convolution in which batch and channels change places and strides and dilations do too.
 *
 * Shapes: large [n, group·a, ..]; small [n, group·b, ..]; result [group·b, a, kernel].
 */
export function convolutionWeight(
  { g }: RuleCall,
  sides: { large: string; covered: string; small: string; smallValue: string; group: number },
  { strides, dilations, kernel }: SlidingWindow,
): string {
  const { large, covered, small, smallValue, group } = sides;
  const spatial = kernel.map((_, k) => k + 2);
  const swapped = [1, 0, ...spatial];
  const correlate = (image: string, filter: string) =>
    g.op("Transpose", [g.op("Conv", [image, filter], { group, strides: dilations, dilations: strides })], {
      perm: swapped,
    });
  if (group === 1)
    return correlate(
      g.op("Transpose", [covered], { perm: swapped }),
      g.op("Transpose", [smallValue], { perm: swapped }),
    );
  const [a, b] = [g.dims(large)[1] / group, g.dims(small)[1] / group];
  const batch = g.sizes(small, [0]);
  const shapeOf = (parts: string[]) => g.op("Concat", parts, { axis: 0 });
  const spatialSizes = (value: string) => g.op("Gather", [g.op("Shape", [value]), g.ints(spatial)]);
  const last = spatial.map((axis) => axis + 1);
  // [n, group, a, ..] to [a, group·n, ..]: the images of a group are its channels.
  const image = g.op(
    "Transpose",
    [g.op("Reshape", [covered, shapeOf([batch, g.ints([group, a]), spatialSizes(covered)])])],
    {
      perm: [2, 1, 0, ...last],
    },
  );
  // [n, group, b, ..] to [group·b, n, ..].
  const filter = g.op(
    "Transpose",
    [g.op("Reshape", [smallValue, shapeOf([batch, g.ints([group, b]), spatialSizes(smallValue)])])],
    { perm: [1, 2, 0, ...last] },
  );
  const joined = g.mul(batch, g.ints([group]));
  return correlate(
    g.op("Reshape", [image, shapeOf([g.ints([a]), joined, spatialSizes(covered)])]),
    g.op("Reshape", [filter, shapeOf([g.ints([group * b]), batch, spatialSizes(smallValue)])]),
  );
}
