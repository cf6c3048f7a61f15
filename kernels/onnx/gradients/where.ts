import type { GradientRule } from "./rule.ts";

export const where: GradientRule = ({ g, x: [condition, a, b], y: [y], dy }) => [
  undefined,
  g.unbroadcast(g.only(condition, dy, y), g.dims(y), a),
  g.unbroadcast(g.op("Where", [condition, g.scalar(0, y), dy]), g.dims(y), b),
];
