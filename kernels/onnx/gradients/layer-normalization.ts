import { floatAttribute, intAttribute } from "../attributes.ts";
import { UnsupportedGradientError } from "./rule.ts";
import type { GradientRule } from "./rule.ts";

/** y = n·scale + bias with n = (x - mean) / sqrt(variance + epsilon) over the axes from `axis` on. */
export const layerNormalization: GradientRule = ({ g, node, x: [x, scale, bias], dy, dys }) => {
  if (dys[1] || dys[2])
    throw new UnsupportedGradientError(node, "passes its mean or deviation on", "Choose sites after this node");
  const first = g.axis(x, intAttribute(node, "axis", -1));
  const axes = [...Array(g.rank(x)).keys()].slice(first);
  const centred = g.sub(x, g.mean(x, axes));
  const variance = g.mean(g.mul(centred, centred), axes);
  const deviation = g.op("Sqrt", [g.add(variance, g.scalar(floatAttribute(node, "epsilon", 1e-5), x))]);
  const normal = g.div(centred, deviation);
  const dn = g.mul(dy, scale);
  const spread = g.sub(g.sub(dn, g.mean(dn, axes)), g.mul(normal, g.mean(g.mul(dn, normal), axes)));
  return [
    g.div(spread, deviation),
    g.unbroadcast(g.mul(dy, normal), g.dims(x), scale),
    bias ? g.unbroadcast(dy, g.dims(x), bias) : undefined,
  ];
};
