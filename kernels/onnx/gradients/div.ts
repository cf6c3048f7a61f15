import type { GradientRule } from "./rule.ts";

export const div: GradientRule = ({ g, x: [a, b], y: [y], dy }) => [
  g.unbroadcast(g.div(dy, b), g.dims(y), a),
  g.unbroadcast(g.neg(g.div(g.mul(dy, y), b)), g.dims(y), b),
];
