import type { RuleCall } from "./rule.ts";

/** Gradient of an activation that has slope `above` (1 unless given) for positive x and `below` otherwise. */
export function belowZero({ g, x: [x], dy }: RuleCall, below: string, above?: string): string {
  const positive = g.op("Greater", [x, g.scalar(0, x)]);
  return g.op("Where", [positive, above === undefined ? dy : g.mul(dy, above), g.mul(dy, below)]);
}
