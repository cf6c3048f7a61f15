import { makeNode, makeValueInfo } from "../onnx/builder.ts";
import { elementTypes } from "../onnx/element-type.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { withGraph } from "../onnx/graph.ts";
import { prune } from "../onnx/prune.ts";
import type { Site } from "../onnx/sites.ts";
import { mlpActivation } from "../onnx/surgery/mlp-activation.ts";
import { inputOfSite } from "../onnx/surgery/site-node.ts";
import { valueTypes } from "../onnx/surgery/value-types.ts";
import { freshNames } from "../onnx/values.ts";
import type { SiteId } from "./edit.ts";
import { siteNamed } from "./with-sides.ts";

/** A hidden value that is read: what goes into a site (a key), or what comes out of it (a value), edits included. */
export interface Tap {
  site: SiteId;
  /** "activated" is the output behind the activation function of the layer's MLP. */
  of: "input" | "output" | "activated";
}

export const tapName = ({ site, of }: Tap): string => `tap:${site}:${of}`;

/** A model that gives the tapped values alone, those in half precision as float32. Throws: UnknownNameError, SurgeryError. */
export function tapped(model: OnnxModel, sites: readonly Site[], taps: readonly Tap[]): OnnxModel {
  const fresh = freshNames(model);
  const types = valueTypes(model);
  const nodes = taps.flatMap((tap) => {
    const site = siteNamed(sites, tap.site);
    const name = tapName(tap);
    const copy = (value: string) =>
      (types.get(value) ?? types.get(site.output)) === "float16"
        ? makeNode("Cast", [value], [name], { to: elementTypes.float32 }, name)
        : makeNode("Identity", [value], [name], {}, name);
    if (tap.of === "input") return [copy(site.kind === "projection" ? inputOfSite(model, site) : site.output)];
    if (tap.of === "output") return [copy(site.output)];
    const { nodes: activation, output } = mlpActivation(model, site.layer)(site.output, fresh);
    return [...activation, copy(output)];
  });
  return prune(
    withGraph(model, { node: [...model.graph.node, ...nodes], output: taps.map((tap) => makeValueInfo(tapName(tap))) }),
  );
}
