import { UserFacingError } from "../../errors.ts";
import { requireKnown } from "../../nearest-name.ts";
import { LAYER_ROLES, OUTER_ROLES } from "../site-role.ts";
import type { SiteRole } from "../site-role.ts";
import { requireGraphName } from "../values.ts";
import type { GraphView } from "./graph-view.ts";
import { siteOf, valueSite } from "./site.ts";
import type { Site } from "./site.ts";
import { weightedNode } from "./weighted-node.ts";

/** Cause: a map of sites names a node that cannot be such a site. Handled by: the user, who corrects the map. */
export class SiteMapError extends UserFacingError {}

/** Where a user says that roles are: site id to node name, or to the value that the node makes. */
export type SiteMap = Readonly<Record<string, string>>;

/**
 * Reads a site id into role and layer (-1 outside the layers).
 *
 * Throws: UnknownNameError with the nearest role.
 */
export function readSiteId(id: string): { role: SiteRole; layer: number } {
  const [, layer, module] = /^layers\.(\d+)\.(.+)$/.exec(id) ?? [];
  if (module) return { role: requireKnown("role of a layer", module, LAYER_ROLES), layer: Number(layer) };
  return { role: requireKnown("role", id, OUTER_ROLES), layer: -1 };
}

/**
 * The site that a user's map names.
 *
 * Throws: UnknownNameError for a role, UnknownGraphNameError for a node; SiteMapError for a node without a weight.
 */
export function mappedSite(view: GraphView, id: string, name: string): Site {
  const { role, layer } = readSiteId(id);
  const node = view.nodes.find((candidate) => candidate.name === name) ?? view.made.get(name);
  if (!node) {
    const known = view.nodes.flatMap((each) => [each.name, ...each.output]);
    requireGraphName(`node or value (site map, ${id})`, name, known);
    throw new Error("internal: a node of this name is in the graph and was not found");
  }
  if (role === "output") return valueSite(view, view.made.has(name) ? name : node.output[0], layer, 0, "map");
  const weighted = weightedNode(view, node);
  if (!weighted)
    throw new SiteMapError(
      `site map, ${id}: node "${name}" (${node.opType}) has no constant weight. Name a MatMul, Gemm, Conv or Gather node, or use it for a layer's output.`,
    );
  return siteOf(weighted, role, layer, "map");
}
