import type { OnnxModel } from "./graph.ts";
import { isLayerRole, SITE_ROLES } from "./site-role.ts";
import { GraphView } from "./sites/graph-view.ts";
import { layerSites } from "./sites/layer-sites.ts";
import { outerParts } from "./sites/outer-part.ts";
import type { OuterPart } from "./sites/outer-part.ts";
import { mappedSite } from "./sites/site-map.ts";
import type { SiteMap } from "./sites/site-map.ts";
import { roleNamed, siteOf } from "./sites/site.ts";
import type { Site } from "./sites/site.ts";
import { structureOf } from "./sites/structure.ts";
import { untold } from "./sites/untold.ts";
import type { WeightedNode } from "./sites/weighted-node.ts";
import { Weights } from "./sites/weights.ts";

export type { Site } from "./sites/site.ts";

export interface SiteOptions {
  /** Roles that the user names; they replace what is found. */
  map?: SiteMap;
}

/** Sites, and what could not be told, each in a sentence. */
export interface SiteReport {
  sites: Site[];
  untold: string[];
}

/**
 * Finds the sites of a decoder or encoder by their role: from names that exporters leave on nodes, weights and metadata, and from the
 * graph itself (softmax between two products is an attention; what joins the residual stream ends a branch). Neither weight bytes nor
 * a run are needed.
 *
 * Ordered by layer, and inside a layer as the graph computes them; embeddings come first, the head last.
 * Throws: SiteMapError, UnknownNameError, UnknownGraphNameError for a map that does not fit.
 */
export const findSites = (model: OnnxModel, options: SiteOptions = {}): Site[] => siteReport(model, options).sites;

/** The same, with what could not be told. */
export function siteReport(model: OnnxModel, { map = {} }: SiteOptions = {}): SiteReport {
  const view = new GraphView(model);
  const weights = new Weights(view);
  const structure = structureOf(view, weights);
  const hidden: string[] = [];
  const sites = [...layerSites(view, weights, structure, hidden)];
  const taken = new Set(sites.map((site) => site.output));
  const placed = new Set(weights.all.filter((weighted) => taken.has(weighted.output)));
  for (const [weighted, part] of outerParts(view, weights, placed)) sites.push(outerSite(weighted, part));
  number(sites);
  const mapped = Object.entries(map).map(([id, name]) => mappedSite(view, id, name));
  const replaced = (site: Site) => mapped.some(({ id, output }) => id === site.id || output === site.output);
  const all = [...sites.filter((site) => !replaced(site)), ...mapped];
  return { sites: inOrder(view, all), untold: [...hidden, ...untold(view, weights, all)] };
}

/** A name settles what the graph alone leaves open, and is not asked otherwise: a tied table may be called after the head. */
function outerSite(weighted: WeightedNode, { role, doubt }: OuterPart): Site {
  const named = roleNamed(weighted)?.role;
  if (named === role) return siteOf(weighted, role, -1, "name and structure");
  if (doubt && named && !isLayerRole(named)) return siteOf(weighted, named, -1, "name");
  return siteOf(weighted, role, -1, "structure", doubt);
}

/** Gives sites of one id numbers: a projector of two projections becomes projector.0 and projector.1; in layers it is a doubt. */
function number(sites: Site[]): void {
  for (const [id, same] of groups(sites)) {
    if (same.length === 1) continue;
    same.forEach((site, i) => {
      site.id = `${id}.${i}`;
      if (site.role !== "projector" && site.role !== "head.dense")
        site.ambiguous ??= `${same.length} places of this graph look like ${id}`;
    });
  }
}

function groups(sites: readonly Site[]): Map<string, Site[]> {
  const found = new Map<string, Site[]>();
  for (const site of sites) found.set(site.id, [...(found.get(site.id) ?? []), site]);
  return found;
}

/** Embeddings, layers, what follows them, and the head last. */
function inOrder(view: GraphView, sites: readonly Site[]): Site[] {
  const rank = ({ role }: Site) =>
    isLayerRole(role) ? 10 : role.includes("embed") || role === "stem" ? 0 : 20 + SITE_ROLES.indexOf(role);
  const at = ({ output }: Site) => {
    const maker = view.made.get(output);
    return maker ? view.position(maker) : -1;
  };
  return [...sites].sort((a, b) => rank(a) - rank(b) || a.layer - b.layer || at(a) - at(b));
}
