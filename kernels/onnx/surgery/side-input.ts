import { makeNode, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { addToSite } from "./site-node.ts";

/** Names of the graph inputs of one low-rank update. */
export interface SideInputNames {
  a: string;
  b: string;
}

/** Names of the graph inputs that carry a low-rank update of a site. */
export const sideInputNames = (siteId: string): SideInputNames => ({ a: `side:${siteId}:A`, b: `side:${siteId}:B` });

/**
 * Adds a low-rank side input: y becomes y + (x·A)·B, with A and B fed at every run. Zero factors give the base model's values.
 *
 * `names`: of the inputs; under other names a second update, of a rank of its own, stands beside the first.
 * Shapes: A [in, rank], B [rank, out]; the rank may differ from run to run; 0 means no update.
 * Throws: UnknownGraphNameError, SurgeryError.
 */
export function sideInput(model: OnnxModel, site: Site, names: SideInputNames = sideInputNames(site.id)): OnnxModel {
  const { a, b } = names;
  const rank = `rank:${a === sideInputNames(site.id).a ? site.id : a}`;
  return addToSite(
    model,
    site,
    (type) => [makeValueInfo(a, type, [site.in, rank]), makeValueInfo(b, type, [rank, site.out])],
    ({ x, fresh }) => {
      const [xa, xab] = [fresh(`side:${site.id}:xA`), fresh(`side:${site.id}:xAB`)];
      return {
        nodes: [makeNode("MatMul", [x, a], [xa], {}, xa), makeNode("MatMul", [xa, b], [xab], {}, xab)],
        output: xab,
      };
    },
  );
}
