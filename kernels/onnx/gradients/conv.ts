import { intAttribute } from "../attributes.ts";
import { convolutionWeight } from "./convolution-weight.ts";
import type { GradientRule } from "./rule.ts";
import { slidingWindow } from "./sliding-window.ts";

/** Convolution over any number of spatial axes: the input's gradient is a transposed convolution, the weight's a correlation. */
export const conv: GradientRule = (call) => {
  const { g, node, x: [x, w, b], y: [y], dy } = call; // prettier-ignore
  const group = intAttribute(node, "group", 1);
  const window = slidingWindow(call, { large: x, small: y, kernel: g.dims(w).slice(2) });
  const { strides, dilations } = window;
  return [
    window.place(g.op("ConvTranspose", [dy, w], { group, strides, dilations })),
    convolutionWeight(call, { large: x, covered: window.cover(x), small: y, smallValue: dy, group }, window),
    b ? g.sum(dy, [0, ...window.kernel.map((_, k) => k + 2)], 0) : undefined,
  ];
};
