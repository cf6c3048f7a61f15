import type { GradientRule } from "./rule.ts";

export const mul: GradientRule = ({ g, x: [a, b], y: [y], dy }) => [
  g.unbroadcast(g.mul(dy, b), g.dims(y), a),
  g.unbroadcast(g.mul(dy, a), g.dims(y), b),
];
