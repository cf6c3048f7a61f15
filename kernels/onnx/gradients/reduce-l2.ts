import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

/** x / |x|, and 0 where all elements are: the norm has a corner there. */
export const reduceL2: GradientRule = (call) => {
  const { g, x: [x], y: [y], dy } = call; // prettier-ignore
  const { restore } = reduced(call);
  const norm = g.op("Where", [g.op("Equal", [y, g.scalar(0, y)]), g.scalar(1, y), y]);
  return [g.mul(x, restore(g.div(dy, norm)))];
};
