import { intAttribute } from "../attributes.ts";
import type { GradientRule } from "./rule.ts";

/** Every element takes part in the sums after it: the same sum, from the other end. */
export const cumSum: GradientRule = ({ g, node, x: [, axis], dy }) => [
  g.op("CumSum", [dy, axis], {
    exclusive: intAttribute(node, "exclusive", 0),
    reverse: 1 - intAttribute(node, "reverse", 0),
  }),
];
