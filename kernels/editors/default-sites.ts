import type { EditableModel } from "../models/editable-model.ts";
import type { SiteId } from "../models/edit.ts";
import { DOWN_ROLES, UP_ROLES } from "../models/with-sides.ts";
import { UserFacingError } from "../errors.ts";

/** Cause: the model has no site of the wanted role or name. Handled by: the caller, who names one of the sites listed. */
export class NoSuchSiteError extends UserFacingError {}

/** What helps where weights are stored in a form that is not read, such as that of bitsandbytes. */
export const OTHER_FILE = "Load the model's float32 or float16 file if this one is quantised";

/** The decoder's MLP down projections, first layer first. Throws: NoSuchSiteError. */
export const downProjections = (editor: string, model: EditableModel): SiteId[] =>
  projections(editor, model, DOWN_ROLES, "down projection");

/** The projections into the decoder's MLPs, first layer first; of gated ones not the gate. Throws: NoSuchSiteError. */
export const upProjections = (editor: string, model: EditableModel): SiteId[] =>
  projections(editor, model, UP_ROLES, "up projection");

function projections(editor: string, model: EditableModel, roles: readonly string[], what: string): SiteId[] {
  const found = model.sites.filter(({ id, role, layer }) => layer >= 0 && !inVision(id) && roles.includes(role));
  if (found.length) return found.sort((a, b) => a.layer - b.layer).map(({ id }) => id);
  throw new NoSuchSiteError(
    `${editor} on ${model.id}: the decoder shows no MLP ${what} that takes edits. ${OTHER_FILE}, or pass option "site", one of: ${listed(model)}.`,
  );
}

/** The down projection at a share of the depth, 0 the first layer and 1 the last: published layers carried over to other depths. */
export function downProjectionAt(editor: string, model: EditableModel, depth: number): SiteId {
  const all = downProjections(editor, model);
  return all[Math.round(depth * (all.length - 1))];
}

/**
 * The same, one layer lower where that is the last: what is changed at one token of the last layer reaches no token behind it, so that an
 * answer of several tokens could not be taught. Of a single layer, that one.
 */
export function downProjectionBelowLast(editor: string, model: EditableModel, depth: number): SiteId {
  const all = downProjections(editor, model);
  return all[Math.max(0, Math.min(Math.round(depth * (all.length - 1)), all.length - 2))];
}

/** Throws: NoSuchSiteError with the sites that there are. */
export function requireSite(editor: string, model: EditableModel, site: SiteId): SiteId {
  if (model.sites.some(({ id }) => id === site)) return site;
  throw new NoSuchSiteError(`${editor} on ${model.id}: there is no site "${site}". Pass one of: ${listed(model)}.`);
}

const inVision = (id: SiteId) => id.startsWith("vision.");
const listed = (model: EditableModel) => model.sites.map((site) => site.id).join(", ") || "(none found)";
