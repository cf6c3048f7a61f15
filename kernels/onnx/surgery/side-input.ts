import { makeNode, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { addToSite } from "./site-node.ts";

/** Names of the graph inputs of one low-rank update. */
export interface SideInputNames {
  a: string;
  b: string;
  /** Factors of x before A, one a token and feature, such as a dropout mask. Default: none. */
  mask?: string;
}

/** Names of the graph inputs that carry a low-rank update of a site. */
export const sideInputNames = (siteId: string): SideInputNames => ({ a: `side:${siteId}:A`, b: `side:${siteId}:B` });

/**
 * Adds a low-rank side input: y becomes y + (x·A)·B, with A and B fed at every run. Zero factors give the base model's values. With a mask it
 * is ((x ⊙ M)·A)·B; the site's own product sees x as it is.
 *
 * `names`: of the inputs; under other names a second update, of a rank of its own, stands beside the first.
 * Shapes: A [in, rank], B [rank, out]; the rank may differ from run to run; 0 means no update. M [batch, tokens, in].
 * Throws: UnknownGraphNameError, SurgeryError.
 */
export function sideInput(model: OnnxModel, site: Site, names: SideInputNames = sideInputNames(site.id)): OnnxModel {
  const { a, b, mask } = names;
  const rank = `rank:${a === sideInputNames(site.id).a ? site.id : a}`;
  return addToSite(
    model,
    site,
    (type) => [
      makeValueInfo(a, type, [site.in, rank]),
      makeValueInfo(b, type, [rank, site.out]),
      ...(mask === undefined ? [] : [makeValueInfo(mask, type, ["batch_size", "sequence_length", site.in])]),
    ],
    ({ x, given, fresh }) => {
      const [xa, xab] = [fresh(`side:${site.id}:xA`), fresh(`side:${site.id}:xAB`)];
      const read = mask === undefined ? { nodes: [], output: x } : masked(x, given(mask), fresh);
      return {
        nodes: [
          ...read.nodes,
          makeNode("MatMul", [read.output, given(a)], [xa], {}, xa),
          makeNode("MatMul", [xa, given(b)], [xab], {}, xab),
        ],
        output: xab,
      };
    },
  );
}

/** x ⊙ M; some models lay tokens out in one axis, some in two. */
function masked(x: string, mask: string, fresh: (wish: string) => string) {
  const [shape, like, product] = ["shape", "like", "product"].map((part) => fresh(`${mask}:${part}`));
  const nodes = [
    makeNode("Shape", [x], [shape], {}, shape),
    makeNode("Reshape", [mask, shape], [like], {}, like),
    makeNode("Mul", [x, like], [product], {}, product),
  ];
  return { nodes, output: product };
}
