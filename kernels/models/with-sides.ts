import { requireKnown } from "../nearest-name.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import type { Site } from "../onnx/sites.ts";
import { dense } from "../onnx/surgery/dense.ts";
import { neurons } from "../onnx/surgery/neurons.ts";
import { replaceRows } from "../onnx/surgery/replace-rows.ts";
import { sideInput } from "../onnx/surgery/side-input.ts";
import { SurgeryError } from "../onnx/surgery/site-node.ts";
import type { SiteId } from "./edit.ts";
import type { SideSites } from "./side-feeds.ts";

/** A graph with the side inputs of a view. Values are replaced behind all terms that are added to them. */
export function withSides(graph: OnnxModel, sites: readonly Site[], sides: SideSites): OnnxModel {
  const at = (id: SiteId) => siteNamed(sites, id);
  let edited = sides.lowRank.reduce((model, id) => sideInput(model, at(id)), graph);
  edited = sides.dense.reduce((model, id) => dense(model, at(id)), edited);
  edited = sides.neurons.reduce((model, id) => neurons(model, upSite(sites, at(id)), at(id)), edited);
  return sides.replace.reduce((model, id) => replaceRows(model, at(id)), edited);
}

/** Throws: UnknownNameError with the nearest name. */
export function siteNamed(sites: readonly Site[], id: SiteId): Site {
  const ids = sites.map((site) => site.id);
  return sites[ids.indexOf(requireKnown("site", id, ids))];
}

/** What exporters call the projection into an MLP, and the one out of it. */
export const UP_ROLES: readonly string[] = ["mlp.up_proj", "mlp.fc1", "mlp.c_fc"];
export const DOWN_ROLES: readonly string[] = ["mlp.down_proj", "mlp.fc2", "mlp.c_proj"];

/** The projection into the MLP whose way out is `down`. Throws: SurgeryError. */
export function upSite(sites: readonly Site[], down: Site): Site {
  const tower = towerOf(down.id);
  const found = sites.find(
    (site) => site.layer === down.layer && UP_ROLES.includes(site.role) && towerOf(site.id) === tower,
  );
  if (found && DOWN_ROLES.includes(down.role)) return found;
  throw new SurgeryError(
    `site ${down.id}: it is not the way out of an MLP whose way in is known. Choose an MLP down projection.`,
  );
}

const towerOf = (id: SiteId) => id.startsWith("vision.");
