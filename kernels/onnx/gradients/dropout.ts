import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** In inference mode Dropout passes its input on. In training mode it draws at random, and a second run would draw differently. */
export const dropout: GradientRule = ({ g, node, x: [, , trainingMode], dy }) => {
  if (trainingMode && g.constant(trainingMode)?.[0] !== 0)
    throw new UnsupportedGradientError(node, "may run in training mode", "Export the model in evaluation mode");
  return [dy];
};
