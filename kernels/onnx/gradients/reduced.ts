import { intAttribute, intsAttribute } from "../attributes.ts";
import { reductionTakesAxesInput } from "../reduction-axes.ts";
import type { RuleCall } from "./rule.ts";

/** How a reduction reads its axes: as an attribute, as an input, or none, which means all of them (or, if so marked, no reduction). */
export interface Reduced {
  /** The node passes its input on unchanged. */
  nothing: boolean;
  /** Axes as an int64 value; undefined for all axes. */
  axes: string | undefined;
  /** Gives a value of the output's shape the reduced axes back, with size 1, so that it broadcasts against the input. */
  restore(value: string): string;
  /** Reduces a value of the input's shape over the same axes, which are kept with size 1. */
  again(opType: string, value: string): string;
}

export function reduced({ g, node, x }: RuleCall): Reduced {
  const attribute = intsAttribute(node, "axes");
  const input = x[1] || undefined;
  const empty = attribute ? attribute.length === 0 : !input || g.dims(input)[0] === 0;
  const axes = empty ? undefined : attribute ? g.ints(attribute) : input;
  const nothing = empty && intAttribute(node, "noop_with_empty_axes", 0) === 1;
  // A scalar broadcasts as it is.
  const squeezed = axes !== undefined && intAttribute(node, "keepdims", 1) === 0;
  const again = (opType: string, value: string) => {
    if (!axes) return g.op(opType, [value], { keepdims: 1 });
    if (reductionTakesAxesInput(opType, g.opset)) return g.op(opType, [value, axes], { keepdims: 1 });
    return g.op(opType, [value], { axes: attribute!, keepdims: 1 });
  };
  return { nothing, axes, again, restore: (value) => (squeezed ? g.op("Unsqueeze", [value, axes]) : value) };
}
