import { floatAttribute, intAttribute } from "../attributes.ts";
import { normalised, withWayBack } from "./normalised.ts";
import type { GradientRule } from "./rule.ts";

/**
 * y = n·scale + bias with n = (x - mean)·inverse over the D values of the axes from `axis` on, where inverse = 1 / sqrt(variance + epsilon).
 * Mean and inverse may be outputs too: d mean / dx = 1 / D and d inverse / dx = -inverse²·n / D.
 */
export const layerNormalization: GradientRule = (call) => {
  const { g, node, x: [x, scale, bias], dys: [dy, dMean, dInverse] } = call; // prettier-ignore
  const axis = g.axis(x, intAttribute(node, "axis", -1));
  const axes = [...Array(g.rank(x)).keys()].slice(axis);
  const kept = () => {
    const [mean, inverse] = [g.optionalOutput(node, 1), g.optionalOutput(node, 2)];
    return withWayBack(g, g.mul(g.sub(x, mean), inverse), inverse, axes);
  };
  // The node has both at hand, a number a row each, which are kept even where x is recomputed. Of other types than float32 it gives
  // them in float32.
  const { normal, inverse, back } =
    g.type(node.input[0]) === "float32" ? kept() : normalised(g, x, axes, floatAttribute(node, "epsilon", 1e-5), x);
  const parts: string[] = [];
  // This product serves the gradients of the scale and of x.
  const product = dy && g.mul(dy, normal);
  if (product) parts.push(back(g.mul(dy, scale), g.mul(product, scale)));
  const elements = (value: string) => g.cast(g.op("Size", [value]), g.type(x));
  const shared = (statistic: string) => g.div(statistic, g.div(elements(x), elements(statistic)));
  if (dMean) parts.push(g.expandLike(shared(dMean), x));
  if (dInverse) parts.push(g.neg(g.mul(normal, shared(g.mul(dInverse, g.mul(inverse, inverse))))));
  return [
    parts.reduce((sum, part) => g.add(sum, part)),
    product && g.unbroadcast(product, g.dims(x), scale),
    dy && bias ? g.unbroadcast(dy, g.dims(x), bias) : undefined,
  ];
};
