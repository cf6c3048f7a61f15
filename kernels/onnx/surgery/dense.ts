import { makeNode, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { addToSite } from "./site-node.ts";

/** Name of the graph input that carries a dense update of a site. */
export const denseInputName = (siteId: string) => `side:${siteId}:delta`;

/**
 * Adds a dense side input: y becomes y + x·delta, with delta fed at every run. A zero delta gives the base model's values.
 *
 * `delta`: name of the input; under another name a second update, such as the one in training, stands beside the first.
 * Shapes: delta [in, out].
 * Throws: UnknownGraphNameError, SurgeryError.
 */
export function dense(model: OnnxModel, site: Site, delta: string = denseInputName(site.id)): OnnxModel {
  return addToSite(
    model,
    site,
    (type) => [makeValueInfo(delta, type, [site.in, site.out])],
    ({ x, given, fresh }) => {
      const product = fresh(`side:${site.id}:xDelta`);
      return { nodes: [makeNode("MatMul", [x, given(delta)], [product], {}, product)], output: product };
    },
  );
}
