import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

export const reduceMean: GradientRule = (call) => {
  const { g, x, y, dy } = call;
  const { nothing, restore } = reduced(call);
  if (nothing) return [dy];
  const elements = (value: string) => g.cast(g.op("Size", [value]), g.type(x[0]));
  const each = g.div(dy, g.div(elements(x[0]), elements(y[0])));
  return [g.expandLike(restore(each), x[0])];
};
