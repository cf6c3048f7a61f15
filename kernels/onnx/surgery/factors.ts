import type { Site } from "../sites.ts";
import { makeNode, makeValueInfo } from "../builder.ts";
import { gradientGraph } from "../gradients/vjp.ts";
import type { GradientRequest } from "../gradients/vjp.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { producers, requireGraphName } from "../values.ts";
import { projection } from "./site-node.ts";

/** Names of the outputs that carry the factors of a site. */
export const factorNames = (siteId: string) => ({ x: `factor:${siteId}:x`, dy: `factor:${siteId}:dy` });

/** A gradient request without targets: those are the sites' outputs. */
export type FactorRequest = Omit<GradientRequest, "targets" | "name">;

/**
 * Per-token factors of the weight gradients, which hyper-networks such as MEND take in: for every site its input x and the gradient dy
 * of the loss at its output. The weight gradient itself is Σ over tokens of xᵀ·dy; it is never formed.
 *
 * Shapes: `factor:<site>:x` [.., in], `factor:<site>:dy` [.., out], one row a token in the order of the batch.
 * Throws: what gradientGraph throws; SurgeryError for a site that is not a projection of this model.
 * Source: MEND (arXiv 2110.11309), section 3.1.
 */
export function factors(model: OnnxModel, sites: readonly Site[], request: FactorRequest): OnnxModel {
  const made = producers(model);
  const inputs = sites.map((site) => {
    requireGraphName("computed value", site.output, made.keys());
    return projection(model, made.get(site.output)!).input[0];
  });
  const keep = request.keep ?? (request.loss === undefined ? [] : [request.loss]);
  const named = new Map(sites.map((site) => [site.output, factorNames(site.id).dy]));
  // The inputs join the graph before it is differentiated, so that what they need is kept.
  const copies = sites.map((site, i) => {
    const { x } = factorNames(site.id);
    return makeNode("Identity", [inputs[i]], [x], {}, x);
  });
  const types = inputs.map((input) => request.trace.get(input)?.type);
  const tapped = withGraph(model, {
    node: [...model.graph.node, ...copies],
    output: [...model.graph.output, ...copies.map((copy, i) => makeValueInfo(copy.output[0], types[i]))],
  });
  return gradientGraph(tapped, {
    ...request,
    keep: [...keep, ...copies.map((copy) => copy.output[0])],
    targets: [...named.keys()],
    name: (target) => named.get(target)!,
  });
}
