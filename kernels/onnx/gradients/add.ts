import type { GradientRule } from "./rule.ts";

export const add: GradientRule = ({ g, x: [a, b], y: [y], dy }) => [
  g.unbroadcast(dy, g.dims(y), a),
  g.unbroadcast(dy, g.dims(y), b),
];
