import { intAttribute, intsAttribute, stringAttribute } from "../attributes.ts";
import { convolutionWeight } from "./convolution-weight.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";
import { slidingWindow } from "./sliding-window.ts";

/** The transpose of a convolution: its windows move over the output. */
export const convTranspose: GradientRule = (call) => {
  const { g, node, x: [x, w, b], y: [y], dy } = call; // prettier-ignore
  if (intsAttribute(node, "output_shape") || stringAttribute(node, "auto_pad", "NOTSET") !== "NOTSET")
    throw new UnsupportedGradientError(node, "chooses its padding itself", "Export the model with explicit pads");
  const group = intAttribute(node, "group", 1);
  const window = slidingWindow(call, { large: y, small: x, kernel: g.dims(w).slice(2) });
  const { strides, dilations } = window;
  const covered = window.cover(dy);
  return [
    g.op("Conv", [covered, w], { group, strides, dilations }),
    convolutionWeight(call, { large: y, covered, small: x, smallValue: x, group }, window),
    b ? g.sum(dy, [0, ...window.kernel.map((_, k) => k + 2)], 0) : undefined,
  ];
};
