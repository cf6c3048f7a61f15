import { floatAttribute } from "../attributes.ts";
import { belowZero } from "./below-zero.ts";
import type { GradientRule } from "./rule.ts";

export const leakyRelu: GradientRule = (call) => [
  belowZero(call, call.g.scalar(floatAttribute(call.node, "alpha", 0.01), call.x[0])),
];
