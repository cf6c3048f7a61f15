import { floatAttribute, intAttribute } from "../attributes.ts";
import { perChannel } from "./per-channel.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** In inference mean and variance are inputs, so that y is linear in x. */
export const batchNormalization: GradientRule = ({ g, node, x: [x, scale, , mean, variance], dy }) => {
  if (intAttribute(node, "training_mode", 0) === 1)
    throw new UnsupportedGradientError(node, "runs in training mode", "Export the model in evaluation mode");
  const { spread, sum } = perChannel(g, x);
  const deviation = g.op("Sqrt", [g.add(variance, g.scalar(floatAttribute(node, "epsilon", 1e-5), x))]);
  const factor = g.div(scale, deviation);
  const total = sum(dy);
  const dScale = g.div(sum(g.mul(dy, g.sub(x, spread(mean)))), deviation);
  const dVariance = g.div(g.mul(g.scalar(-0.5, x), g.mul(dScale, factor)), deviation);
  return [g.mul(dy, spread(factor)), dScale, total, g.neg(g.mul(total, factor)), dVariance];
};
