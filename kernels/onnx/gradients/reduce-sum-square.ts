import { reduced } from "./reduced.ts";
import type { GradientRule } from "./rule.ts";

export const reduceSumSquare: GradientRule = (call) => {
  const { g, x: [x], dy } = call; // prettier-ignore
  return [g.mul(g.mul(g.scalar(2, x), x), reduced(call).restore(dy))];
};
