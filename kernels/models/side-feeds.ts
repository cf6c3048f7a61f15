import { denseInputName } from "../onnx/surgery/dense.ts";
import { sideInputNames } from "../onnx/surgery/side-input.ts";
import type { Tensor } from "../tensor.ts";
import type { CombinedEdits } from "./combine-edits.ts";
import type { SiteId } from "./edit.ts";

/** Which side inputs a decoder graph must offer. Two edits that need the same inputs share one compiled graph. */
export interface SideSites {
  dense: SiteId[];
  lowRank: SiteId[];
}

export const sideSites = (edits: CombinedEdits): SideSites => ({
  dense: [...edits.dense.keys()].sort(),
  lowRank: [...edits.lowRank.keys()].sort(),
});

export const isEmpty = (sites: SideSites) => sites.dense.length === 0 && sites.lowRank.length === 0;

/** The edits' tensors under the names of the graph inputs that carry them. */
export function sideFeeds(edits: CombinedEdits): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [site, delta] of edits.dense) feeds[denseInputName(site)] = delta;
  for (const [site, { a, b }] of edits.lowRank) {
    const names = sideInputNames(site);
    feeds[names.a] = a;
    feeds[names.b] = b;
  }
  return feeds;
}
