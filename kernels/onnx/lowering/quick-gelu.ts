import { floatAttribute } from "../attributes.ts";
import type { Lowering } from "./lowering.ts";

/** x·sigmoid(alpha·x). */
export const quickGelu: Lowering = ({ g, node, x: [x], y: [y] }) => {
  const alpha = g.scalar(floatAttribute(node, "alpha", 1.702), g.type(x!));
  g.mul(x!, g.op("Sigmoid", [g.mul(x!, alpha)]), y);
};
