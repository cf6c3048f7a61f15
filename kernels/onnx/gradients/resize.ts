import { floatAttribute, intAttribute, intsAttribute, stringAttribute } from "../attributes.ts";
import type { AttributeValue } from "../attributes.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule, RuleCall } from "./rule.ts";

/**
 * Every mode resizes axis by axis with a fixed matrix. The matrix is what the same Resize makes of the identity, whatever its mode and
 * coordinates; the gradient is multiplied by its transpose.
 */
export const resize: GradientRule = (call) => {
  const { g, node, x: [x, , scales, sizes], y: [y], dy } = call; // prettier-ignore
  const refuse = (problem: string) => {
    throw new UnsupportedGradientError(
      node,
      problem,
      "Export the model for one image size, or choose sites after this node",
    );
  };
  if (stringAttribute(node, "coordinate_transformation_mode", "half_pixel") === "tf_crop_and_resize") refuse("crops");
  if (stringAttribute(node, "keep_aspect_ratio_policy", "stretch") !== "stretch") refuse("keeps the aspect ratio");
  const rank = g.rank(x);
  const listed = (intsAttribute(node, "axes") ?? [...Array(rank).keys()]).map((axis) => g.axis(x, axis));
  const factors = scales ? g.constant(scales) : undefined;
  let value = dy;
  listed.forEach((axis, place) => {
    // Batch and channels keep their sizes; other axes may be resized at another image size even if they were not in the trace.
    const same = factors?.length ? factors[place] === 1 : axis < 2 && g.dims(x)[axis] === g.dims(y)[axis];
    if (same) return;
    const matrix = interpolation(call, axis, sizes ? undefined : g.op("Gather", [scales, g.ints([place])]));
    const last = rank - 1;
    const perm = [...Array(rank).keys()];
    [perm[axis], perm[last]] = [last, axis];
    const moved = axis === last ? value : g.op("Transpose", [value], { perm });
    const product = g.op("MatMul", [moved, matrix]);
    value = axis === last ? product : g.op("Transpose", [product], { perm });
  });
  return [value];
};

/** The matrix [out, in] that resizes one axis: `scale` [1] where the node is given scales, else the sizes decide. */
function interpolation({ g, node, x: [x], y: [y] }: RuleCall, axis: number, scale: string | undefined): string {
  const size = g.sizes(x, [axis]);
  const index = g.op("Range", [g.int(0), g.op("Squeeze", [size, g.ints([0])]), g.int(1)]);
  const identity = g.cast(g.op("Equal", [g.op("Unsqueeze", [index, g.ints([1])]), index]), "float32");
  const image = g.op("Unsqueeze", [identity, g.ints([0, 1])]);
  const one = g.floats([1]);
  const concat = (parts: string[]) => g.op("Concat", parts, { axis: 0 });
  const inputs = scale
    ? [image, "", concat([one, one, scale, one])]
    : [image, "", "", concat([g.ints([1, 1]), g.sizes(y, [axis]), size])];
  const matrix = g.op("Squeeze", [g.op("Resize", inputs, attributesOf(node)), g.ints([0, 1])]);
  return g.type(x) === "float32" ? matrix : g.cast(matrix, g.type(x));
}

const attributesOf = (node: RuleCall["node"]): Record<string, AttributeValue> => ({
  mode: stringAttribute(node, "mode", "nearest"),
  coordinate_transformation_mode: stringAttribute(node, "coordinate_transformation_mode", "half_pixel"),
  nearest_mode: stringAttribute(node, "nearest_mode", "round_prefer_floor"),
  cubic_coeff_a: { float: floatAttribute(node, "cubic_coeff_a", -0.75) },
  exclude_outside: intAttribute(node, "exclude_outside", 0),
  ...(intAttribute(node, "antialias", 0) === 1 && { antialias: 1 }),
});
