import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

export const reduceSum: GradientRule = (call) => {
  const { nothing, restore } = reduced(call);
  return [nothing ? call.dy : call.g.expandLike(restore(call.dy), call.x[0])];
};
