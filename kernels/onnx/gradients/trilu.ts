import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

export const trilu: GradientRule = ({ g, node, x: [, k], dy }) => [
  g.op("Trilu", k ? [dy, k] : [dy], { upper: intAttribute(node, "upper", 1) }),
];
