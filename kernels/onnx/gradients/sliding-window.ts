import { intsAttribute, stringAttribute } from "../attributes.ts";
import type { RuleCall } from "./rule.ts";

/** How the window of a convolution or pooling moves over the large side (what it reads) and fills the small side, one entry a position. */
export interface SlidingWindow {
  kernel: readonly number[];
  strides: readonly number[];
  dilations: readonly number[];
  /** Pads (or crops) a value of the large side to just what the windows cover, so that a convolution without padding gives the small side. */
  cover(value: string): string;
  /** The reverse: brings a value of just what the windows cover to the sizes of the large side. */
  place(value: string): string;
}

/**
 * Padding, also automatic padding and what a stride leaves over at the end, is computed from the run-time sizes: it differs from image
 * size to image size. Spatial axes are those from axis 2 on.
 */
export function slidingWindow(
  { g, node }: RuleCall,
  at: { large: string; small: string; kernel: readonly number[] },
): SlidingWindow {
  const { kernel } = at;
  const axes = kernel.map((_, k) => k + 2);
  const each = (name: string) => intsAttribute(node, name) ?? kernel.map(() => 1);
  const [strides, dilations] = [each("strides"), each("dilations")];
  const reach = kernel.map((size, k) => dilations[k] * (size - 1) + 1);
  const steps = g.sub(g.sizes(at.small, axes), g.ints(kernel.map(() => 1)));
  const covered = g.add(g.mul(steps, g.ints(strides)), g.ints(reach));
  const missing = g.sub(covered, g.sizes(at.large, axes));
  const before = (): string => {
    const mode = stringAttribute(node, "auto_pad", "NOTSET");
    const zeros = kernel.map(() => 0);
    if (mode === "NOTSET") return g.ints((intsAttribute(node, "pads") ?? zeros).slice(0, kernel.length));
    if (mode === "VALID") return g.ints(zeros);
    const total = g.op("Max", [missing, g.ints(zeros)]);
    return g.div(
      mode === "SAME_LOWER" ? g.add(total, g.ints(kernel.map(() => 1))) : total,
      g.ints(kernel.map(() => 2)),
    );
  };
  const begin = before();
  const none = g.ints([0, 0]);
  const pads = g.op("Concat", [none, begin, none, g.sub(missing, begin)], { axis: 0 });
  return {
    kernel,
    strides,
    dilations,
    cover: (value) => g.op("Pad", [value, pads]),
    place: (value) => g.op("Pad", [value, g.neg(pads)]),
  };
}
