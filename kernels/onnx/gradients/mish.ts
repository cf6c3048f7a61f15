import type { GradientRule } from "./rule.ts";

/** y = x·t with t = tanh(softplus x): t + x·(1 - t²)·sigmoid x. */
export const mish: GradientRule = ({ g, x: [x], dy }) => {
  const t = g.op("Tanh", [g.op("Softplus", [x])]);
  const bend = g.mul(g.sub(g.scalar(1, x), g.mul(t, t)), g.op("Sigmoid", [x]));
  return [g.mul(dy, g.add(t, g.mul(x, bend)))];
};
