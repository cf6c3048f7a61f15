import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** The largest (or smallest) values came from the positions of the second output, each from its own. */
export const topK: GradientRule = ({ g, node, x: [x], y: [, positions], dy }) => [
  g.op("ScatterElements", [g.zerosLike(x), positions, dy], { axis: intAttribute(node, "axis", -1) }),
];
