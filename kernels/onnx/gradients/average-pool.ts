import { intAttribute, intsAttribute } from "../attributes.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";
import { slidingWindow } from "./sliding-window.ts";

/** Every window gives each of its elements an equal share. Padding counts as elements only where the node says so. */
export const averagePool: GradientRule = (call) => {
  const { g, node, x: [x], y: [y], dy } = call; // prettier-ignore
  const kernel = intsAttribute(node, "kernel_shape")!;
  const window = slidingWindow(call, { large: x, small: y, kernel });
  const { strides, dilations } = window;
  const axes = kernel.map((_, k) => k + 2);
  const ones = g.op("Expand", [g.scalar(1, x), g.ints([1, 1, ...kernel])]);
  const padded = intAttribute(node, "count_include_pad", 0) === 1;
  if (padded && intAttribute(node, "ceil_mode", 0) === 1)
    throw new UnsupportedGradientError(
      node,
      "counts padding in windows that reach beyond it (ceil_mode with count_include_pad)",
      "Export the model with one of the two switched off",
    );
  const elements = () => {
    const one = g.op("Expand", [g.scalar(1, x), g.op("Concat", [g.ints([1, 1]), g.sizes(x, axes)], { axis: 0 })]);
    return g.op("Conv", [window.cover(one), ones], { strides, dilations });
  };
  const count = padded ? g.scalar(kernel.reduce((product, size) => product * size, 1), x) : elements(); // prettier-ignore
  // One channel an image: the same all-ones kernel serves any number of channels.
  const single = g.op("Concat", [g.ints([-1, 1]), g.sizes(y, axes)], { axis: 0 });
  const share = g.op("Reshape", [g.div(dy, count), single]);
  return [g.reshapeLike(window.place(g.op("ConvTranspose", [share, ones], { strides, dilations })), x)];
};
