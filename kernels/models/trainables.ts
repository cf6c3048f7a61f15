import type { OnnxModel } from "../onnx/graph.ts";
import type { Site } from "../onnx/sites.ts";
import { addRows, addRowsName } from "../onnx/surgery/add-rows.ts";
import { dense } from "../onnx/surgery/dense.ts";
import { neurons } from "../onnx/surgery/neurons.ts";
import { shiftRowNames, shiftRows } from "../onnx/surgery/shift-rows.ts";
import { sideInput } from "../onnx/surgery/side-input.ts";
import type { SiteId } from "./edit.ts";
import { siteNamed, upSite } from "./with-sides.ts";

/**
 * Something at a site that an editor optimises while the model stays as it is. It stands beside what edits in force add there.
 *
 * "dense": y += x delta. "low-rank": y += (x A) B. "shift": one vector [out] added to y at one chosen row of every example. "neurons":
 * neurons added to the MLP whose down projection the site is. "rows": y += e, a number of its own for every example, token and feature, whose
 * gradient at zero is that of the loss at y.
 */
export interface Trainable {
  kind: "dense" | "low-rank" | "shift" | "neurons" | "rows";
  site: SiteId;
  /**
   * "low-rank" alone: y += ((x ⊙ M) A) B, with a mask M [examples, tokens, in] fed beside the parameters at every evaluation (see
   * `maskParameter`), such as one of dropout. Such an objective is evaluated; `fit` has no masks.
   */
  masked?: boolean;
}

export const denseParameter = (site: SiteId) => `train:${site}:delta`;
export const lowRankParameters = (site: SiteId) => ({ a: `train:${site}:A`, b: `train:${site}:B` });
export const maskParameter = (site: SiteId) => `train:${site}:mask`;
export const shiftParameter = (site: SiteId) => shiftRowNames(site).delta;
export const rowsParameter = addRowsName;
export const neuronParameters = (site: SiteId) => ({
  keys: `train:${site}:keys`,
  bias: `train:${site}:bias`,
  values: `train:${site}:values`,
});

/** The names of a trainable's parameters, which are inputs of the graph that `withTrainables` makes. */
export function parametersOf({ kind, site }: Trainable): string[] {
  switch (kind) {
    case "dense":
      return [denseParameter(site)];
    case "low-rank":
      return Object.values(lowRankParameters(site));
    case "shift":
      return [shiftParameter(site)];
    case "neurons":
      return Object.values(neuronParameters(site));
    case "rows":
      return [addRowsName(site)];
  }
}

/** The names of a trainable's masks, which are inputs of that graph too. */
export const masksOf = ({ site, masked }: Trainable): string[] => (masked ? [maskParameter(site)] : []);

/** Adds the trainables' terms. Throws: UnknownNameError, SurgeryError. */
export function withTrainables(model: OnnxModel, sites: readonly Site[], trainables: readonly Trainable[]): OnnxModel {
  return trainables.reduce((graph, { kind, site: id, masked }) => {
    const site = siteNamed(sites, id);
    switch (kind) {
      case "dense":
        return dense(graph, site, denseParameter(id));
      case "low-rank":
        return sideInput(graph, site, { ...lowRankParameters(id), ...(masked && { mask: maskParameter(id) }) });
      case "shift":
        return shiftRows(graph, site);
      case "neurons":
        return neurons(graph, upSite(sites, site), site, neuronParameters(id));
      case "rows":
        return addRows(graph, site);
    }
  }, model);
}
