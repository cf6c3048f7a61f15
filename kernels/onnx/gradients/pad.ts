import { stringAttribute } from "../attributes.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** Padding with the negated amounts crops what was added and restores what was cropped. */
export const pad: GradientRule = ({ g, node, x: [, pads, fill, axes], dy }) => {
  const mode = stringAttribute(node, "mode", "constant");
  if (mode !== "constant")
    throw new UnsupportedGradientError(node, `pads in mode "${mode}"`, "Choose sites after this node");
  const dx = g.op("Pad", [dy, g.neg(pads), ...(axes ? ["", axes] : [])]);
  return [dx, undefined, fill && g.sub(g.total(dy), g.total(dx))];
};
