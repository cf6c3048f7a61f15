import type { EditableModel } from "../../models/editable-model.ts";
import type { SiteId } from "../../models/edit.ts";
import type { Site } from "../../onnx/sites.ts";
import { NoSuchSiteError, OTHER_FILE, requireSite } from "../default-sites.ts";

/** Which projections an adapter editor adapts. */
export interface AdaptedSites {
  /**
   * Roles of the decoder's projections, by the last part of their name: "q_proj", "v_proj", "down_proj". Models that keep queries, keys and
   * values in one projection have that adapted where any of the three is named.
   */
  targets?: readonly string[];
  /** Lowest layer adapted, as a share of the depth: 0 the first layer, 1 the last. */
  fromDepth?: number;
  /** Sites to adapt instead, in any part of the model. */
  sites?: readonly SiteId[];
}

const QKV: readonly string[] = ["q_proj", "k_proj", "v_proj"];
const PACKED: readonly string[] = ["qkv_proj", "c_attn"];

/** The sites named by their roles, in the order of the graph. Throws: NoSuchSiteError. */
export function adaptedSites(
  editor: string,
  model: EditableModel,
  options: Required<Omit<AdaptedSites, "sites">> & AdaptedSites,
): Site[] {
  // prettier-ignore
  const { targets, fromDepth, sites } = options;
  const named = (id: SiteId) => model.sites.find((site) => site.id === requireSite(editor, model, id))!;
  if (sites?.length) return sites.map(named);
  const decoder = model.sites.filter(({ id, kind, layer }) => kind === "projection" && layer >= 0 && !id.startsWith("vision.")); // prettier-ignore
  const lowest = Math.round(fromDepth * Math.max(...decoder.map(({ layer }) => layer)));
  const wanted = new Set([...targets, ...(targets.some((role) => QKV.includes(role)) ? PACKED : [])]);
  const found = decoder.filter(({ layer, role }) => layer >= lowest && wanted.has(role.split(".").at(-1)!));
  if (found.length) return found;
  throw new NoSuchSiteError(
    `${editor} on ${model.id}: no projection of the decoder has a role of ${targets.map((role) => `"${role}"`).join(", ")}. ${OTHER_FILE}, or pass option "targets" with some of: ${roles(decoder)}.`,
  );
}

const roles = (sites: readonly Site[]) =>
  [...new Set(sites.map(({ role }) => role.split(".").at(-1)))].join(", ") || "(none found)";
