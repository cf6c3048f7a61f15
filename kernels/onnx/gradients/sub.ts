import type { GradientRule } from "./rule.ts";

export const sub: GradientRule = ({ g, x: [a, b], y: [y], dy }) => [
  g.unbroadcast(dy, g.dims(y), a),
  g.unbroadcast(g.neg(dy), g.dims(y), b),
];
