import type { GradientRule } from "./rule.ts";

/** y = a - b·n with a whole number n, which is constant between its steps. */
export const mod: GradientRule = ({ g, x: [a, b], y: [y], dy }) => [
  g.unbroadcast(dy, g.dims(y), a),
  g.unbroadcast(g.neg(g.mul(dy, g.div(g.sub(a, y), b))), g.dims(y), b),
];
