import { stringAttribute } from "../attributes.ts";
import type { GradientRule, RuleCall } from "./rule.ts";

export const gelu: GradientRule = (call) => [
  call.g.mul(
    call.dy,
    stringAttribute(call.node, "approximate", "none") === "tanh" ? tanhSlope(call) : exactSlope(call),
  ),
];

/** y = x·Φ(x): Φ(x) + x·φ(x). */
function exactSlope({ g, x: [x] }: RuleCall): string {
  const k = (value: number) => g.scalar(value, x);
  const erf = g.op("Erf", [g.mul(x, k(Math.SQRT1_2))]);
  const cumulative = g.mul(k(0.5), g.add(k(1), erf));
  const density = g.mul(k(1 / Math.sqrt(2 * Math.PI)), g.op("Exp", [g.mul(k(-0.5), g.mul(x, x))]));
  return g.add(cumulative, g.mul(x, density));
}

/** y = x/2·(1 + t) with t = tanh(c·(x + 0.044715·x³)), c = sqrt(2/π). */
function tanhSlope({ g, x: [x] }: RuleCall): string {
  const k = (value: number) => g.scalar(value, x);
  const c = Math.sqrt(2 / Math.PI);
  const square = g.mul(x, x);
  const t = g.op("Tanh", [g.mul(k(c), g.mul(x, g.add(k(1), g.mul(k(0.044715), square))))]);
  const inner = g.mul(k(c), g.add(k(1), g.mul(k(3 * 0.044715), square)));
  const slope = g.mul(g.mul(x, g.sub(k(1), g.mul(t, t))), inner);
  return g.mul(k(0.5), g.add(g.add(k(1), t), slope));
}
