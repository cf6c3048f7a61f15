import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

/** Gradient of ReduceMax and ReduceMin: to the elements that equal the result, in equal shares where several do (as in PyTorch's amax). */
export const reducedExtreme: GradientRule = (call) => {
  const { g, x, y, dy } = call;
  const { nothing, again, restore } = reduced(call);
  if (nothing) return [dy];
  const hit = g.cast(g.op("Equal", [x[0], restore(y[0])]), g.type(x[0]));
  const ties = again("ReduceSum", hit);
  return [g.mul(g.div(hit, ties), restore(dy))];
};
