import { makeNode, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { wrapRows } from "./wrap-rows.ts";

/** Names of the graph inputs that shift rows at a site. */
export const shiftRowNames = (siteId: string) => ({ mask: `shift:${siteId}:mask`, delta: `shift:${siteId}:delta` });

/**
 * Adds one vector to a site's output at chosen tokens: y becomes y + mask·delta, on what the side inputs and replacements that are there
 * already give. The gradient with respect to delta is that of y, summed over the rows with their weights in the mask. A delta of zeros gives
 * the base model's values.
 *
 * Shapes: mask [batch, tokens], delta [out], both in the element type of y (float32 where that is half precision).
 * Throws: UnknownGraphNameError when no node computes the site's output; SurgeryError for a convolution or a packed projection, and when
 * the inputs exist already.
 */
export function shiftRows(model: OnnxModel, site: Site): OnnxModel {
  const names = shiftRowNames(site.id);
  return wrapRows(
    model,
    site,
    names.mask,
    (type) => [
      makeValueInfo(names.mask, type, ["batch_size", "sequence_length"]),
      makeValueInfo(names.delta, type, [site.out]),
    ],
    ({ y, mask, given, fresh }) => {
      const term = fresh(`shift:${site.id}`);
      return {
        nodes: [makeNode("Mul", [mask, given(names.delta)], [term], {}, term)],
        last: (output) => makeNode("Add", [y, term], [output], {}, `${term}/Add`),
      };
    },
  );
}
