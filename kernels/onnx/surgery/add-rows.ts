import { makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { addToSite } from "./site-node.ts";

/** Name of the graph input that is added to a site's output. */
export const addRowsName = (siteId: string) => `add:${siteId}`;

/**
 * Adds an input to a site's output: y becomes y + e. Its gradient is that of the loss at y, row by row, which together with x makes up the
 * gradient of the weight: the sum over rows of xᵀ·dy.
 *
 * Shapes: e [batch, tokens, out]. Throws: UnknownGraphNameError, SurgeryError.
 */
export function addRows(model: OnnxModel, site: Site): OnnxModel {
  const name = addRowsName(site.id);
  return addToSite(
    model,
    site,
    (type) => [makeValueInfo(name, type, ["batch_size", "sequence_length", site.out])],
    ({ given }) => ({ nodes: [], output: given(name) }),
  );
}
