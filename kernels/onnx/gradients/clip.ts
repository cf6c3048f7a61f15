import type { GradientRule } from "./rule.ts";

/** The gradient passes where the bounds do not act (bounds included, as in PyTorch) and otherwise goes to the bound that acts. */
export const clip: GradientRule = ({ g, x: [x, low, high], dy }) => {
  const below = low ? g.op("Less", [x, low]) : undefined;
  const above = high ? g.op("Greater", [x, high]) : undefined;
  let passed = dy;
  for (const outside of [below, above]) if (outside) passed = g.op("Where", [outside, g.scalar(0, x), passed]);
  return [passed, below && g.total(g.only(below, dy, x)), above && g.total(g.only(above, dy, x))];
};
