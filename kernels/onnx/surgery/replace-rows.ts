import { makeNode, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { replacementName } from "./replacement-name.ts";
import { wrapRows } from "./wrap-rows.ts";

/** Names of the graph inputs that replace rows at a site. */
export const replaceRowNames = (siteId: string) => ({
  mask: `${replacementName(siteId)}:mask`,
  value: `${replacementName(siteId)}:value`,
});

/**
 * Replaces a site's output at chosen tokens by one vector: y becomes where(mask, value, y). Side inputs of the site act before it,
 * whether they are added before or afterwards. A mask of zeros gives the base model's values bit for bit.
 *
 * Shapes: mask bool [batch, tokens]; value [out] in the element type of y (float32 where that is half precision).
 * Throws: UnknownGraphNameError when no node computes the site's output; SurgeryError for a convolution or a packed projection, and when
 * the inputs exist already.
 */
export function replaceRows(model: OnnxModel, site: Site): OnnxModel {
  const names = replaceRowNames(site.id);
  return wrapRows(
    model,
    site,
    names.mask,
    (type) => [
      makeValueInfo(names.mask, "bool", ["batch_size", "sequence_length"]),
      makeValueInfo(names.value, type, [site.out]),
    ],
    ({ y, mask, given }) => ({
      nodes: [],
      last: (output) => makeNode("Where", [mask, given(names.value), y], [output], {}, replacementName(site.id)),
    }),
  );
}
