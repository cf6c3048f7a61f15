import type { GradientRule } from "./rule.ts";

export const globalAveragePool: GradientRule = ({ g, x: [x], y: [y], dy }) => {
  const elements = (value: string) => g.cast(g.op("Size", [value]), g.type(x));
  return [g.expandLike(g.div(dy, g.div(elements(x), elements(y))), x)];
};
