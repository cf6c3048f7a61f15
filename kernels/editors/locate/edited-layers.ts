import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import { downProjections, NoSuchSiteError, requireSite } from "../default-sites.ts";

/** Where the editors of several layers write. */
export interface LayerOptions {
  /** First layer that is written, as a share of the depth: 0 the first layer, 1 the last, which is left out unless it is the only one. */
  firstDepth?: number;
  /** Last layer that is written, in the same way. */
  lastDepth?: number;
  /** Sites to write instead, lowest layer first. */
  sites?: readonly SiteId[];
}

/**
 * The MLP down projections that are written, lowest first. What is changed at one token of the last layer reaches no token behind it, so that
 * an answer of several tokens could not be written there. Throws: NoSuchSiteError.
 */
export function editedLayers(
  editor: string,
  model: EditableModel,
  { firstDepth, lastDepth, sites }: Required<Pick<LayerOptions, "firstDepth" | "lastDepth">> & LayerOptions,
): SiteId[] {
  if (sites?.length) return sites.map((site) => requireSite(editor, model, site));
  const all = downProjections(editor, model);
  const at = (share: number) => Math.max(0, Math.min(Math.round(share * (all.length - 1)), all.length - 2));
  return all.slice(at(Math.min(firstDepth, lastDepth)), at(Math.max(firstDepth, lastDepth)) + 1);
}

/** The site with this role in the layer of another, such as what a layer gives to the residual stream. Throws: NoSuchSiteError. */
export function inLayerOf(editor: string, model: EditableModel, site: SiteId, role: string): SiteId {
  const { layer } = model.sites.find(({ id }) => id === site)!;
  const found = model.sites.find(
    (each) => each.layer === layer && each.role === role && !each.id.startsWith("vision."),
  );
  if (found) return found.id;
  throw new NoSuchSiteError(
    `${editor} on ${model.id}: layer ${layer} shows no site of role "${role}", where the value is optimised. Name its node in a site map, or take r-rome, which needs the down projection alone.`,
  );
}
