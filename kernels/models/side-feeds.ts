import { denseInputName } from "../onnx/surgery/dense.ts";
import { neuronNames } from "../onnx/surgery/neurons.ts";
import { replaceRowNames } from "../onnx/surgery/replace-rows.ts";
import { sideInputNames } from "../onnx/surgery/side-input.ts";
import type { Tensor } from "../tensor.ts";
import type { CombinedEdits } from "./combine-edits.ts";
import type { SiteId } from "./edit.ts";

/** Which side inputs a graph must offer. Two edits that need the same inputs share one compiled graph. */
export interface SideSites {
  dense: SiteId[];
  lowRank: SiteId[];
  neurons: SiteId[];
  replace: SiteId[];
}

export const NO_SIDES: SideSites = { dense: [], lowRank: [], neurons: [], replace: [] };

export const sideSites = (edits: CombinedEdits): SideSites => ({
  dense: [...edits.dense.keys()].sort(),
  lowRank: [...edits.lowRank.keys()].sort(),
  neurons: [...edits.neurons.keys()].sort(),
  replace: [...edits.replace.keys()].sort(),
});

/** The side inputs at those sites alone that `keep` says. */
export const sidesAt = (sides: SideSites, keep: (site: SiteId) => boolean): SideSites => ({
  dense: sides.dense.filter(keep),
  lowRank: sides.lowRank.filter(keep),
  neurons: sides.neurons.filter(keep),
  replace: sides.replace.filter(keep),
});

export const isEmpty = (sides: SideSites): boolean => Object.values(sides).every((sites) => sites.length === 0);

/**
 * The edits' tensors under the names of the graph inputs that carry them, for a run over `tokens` tokens. `rows` is where values are replaced
 * in each sequence: the last token of its prompt, or nowhere (-1).
 */
export function sideFeeds(edits: CombinedEdits, tokens: number, rows: readonly number[]): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [site, delta] of edits.dense) feeds[denseInputName(site)] = delta;
  for (const [site, { a, b }] of edits.lowRank) {
    const names = sideInputNames(site);
    feeds[names.a] = a;
    feeds[names.b] = b;
  }
  for (const [site, { keys, bias, values }] of edits.neurons) {
    const names = neuronNames(site);
    feeds[names.keys] = keys;
    feeds[names.bias] = bias;
    feeds[names.values] = values;
  }
  for (const [site, value] of edits.replace) {
    const names = replaceRowNames(site);
    const mask = new Uint8Array(rows.length * tokens);
    rows.forEach((row, i) => row >= 0 && (mask[i * tokens + row] = 1));
    feeds[names.mask] = { type: "bool", dims: [rows.length, tokens], data: mask };
    feeds[names.value] = value;
  }
  return feeds;
}
