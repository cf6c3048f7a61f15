import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

/** Product of the others: of the non-zero elements where x is the only zero, 0 for the rest beside a zero, else y/x. */
export const reduceProd: GradientRule = (call) => {
  const { g, x: [x], dy } = call; // prettier-ignore
  const { nothing, again, restore } = reduced(call);
  if (nothing) return [dy];
  const zero = g.op("Equal", [x, g.scalar(0, x)]);
  const filled = g.op("Where", [zero, g.scalar(1, x), x]);
  const zeros = again("ReduceSum", g.cast(zero, g.type(x)));
  const others = g.div(again("ReduceProd", filled), filled);
  const own = g.cast(zero, g.type(x));
  const alone = g.op("Equal", [zeros, own]);
  return [g.mul(g.only(alone, others, x), restore(dy))];
};
