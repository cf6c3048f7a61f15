import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

export const reduceL1: GradientRule = (call) => {
  const { g, x: [x], dy } = call; // prettier-ignore
  const { restore } = reduced(call);
  return [g.mul(g.op("Sign", [x]), restore(dy))];
};
