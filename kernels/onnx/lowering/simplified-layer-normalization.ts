import { floatAttribute, intAttribute } from "../attributes.ts";
import { LoweringError } from "./lowering.ts";
import type { Lowering } from "./lowering.ts";
import { rmsNorm } from "./rms-norm.ts";

/** RMS normalisation over the last axis; the second output is 1 / rms. */
export const simplifiedLayerNormalization: Lowering = ({ g, node, x: [x, scale], y: [y, inverse] }) => {
  const axis = intAttribute(node, "axis", -1);
  if (axis !== -1 && axis + 1 !== g.facts.rank(x!))
    throw new LoweringError(
      node,
      `normalises from axis ${axis} on, not over the last axis alone`,
      "Export it with axis -1",
    );
  rmsNorm(g, x!, scale!, floatAttribute(node, "epsilon", 1e-5), g.type(x!), y, inverse);
};
