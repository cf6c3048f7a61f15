import { isLayerRole, sameRole } from "../site-role.ts";
import type { SiteRole } from "../site-role.ts";
import type { GraphView } from "./graph-view.ts";
import { layerOutput } from "./layer-output.ts";
import { roleNamed, siteOf, valueSite } from "./site.ts";
import type { Site } from "./site.ts";
import type { Structure } from "./structure.ts";
import type { Weights } from "./weights.ts";

/** Projections of the layers and of a pooling head, and the values between the layers. */
export function* layerSites(view: GraphView, weights: Weights, structure: Structure, untold: string[]): Iterable<Site> {
  const layerNames = explicitLayers(structure);
  const seen = new Map<SiteRole, number>();
  for (const weighted of weights.all) {
    if (weighted.kind !== "projection" && weighted.kind !== "packed attention") continue;
    const part = structure.parts.get(weighted);
    const named = roleNamed(weighted);
    if (!part) {
      if (!named || !isLayerRole(named.role)) continue;
      // Some exporters write only "/q_proj/MatMul" and "/q_proj_1/MatMul": then the layer is the order of appearance.
      const order = seen.get(named.role) ?? 0;
      seen.set(named.role, order + 1);
      yield siteOf(weighted, named.role, named.layer ?? order, "name");
      continue;
    }
    if (part.scope === "head") {
      yield siteOf(weighted, `pooling_head.${part.module}` as SiteRole, -1, "structure", part.doubt);
      continue;
    }
    const layer = layerNames.get(part.layer) ?? part.layer;
    const known = named && isLayerRole(named.role) ? named.role : undefined;
    const agree = known !== undefined && sameRole(known, part.module.replace("cross_attn", "self_attn"));
    const cross = part.module.startsWith("cross_attn");
    const role = (known && !cross ? known : part.module) as SiteRole;
    const doubt = known && !agree ? `its name says ${known}, the graph says ${part.module}` : part.doubt;
    // A name settles what the graph alone leaves open.
    yield siteOf(
      weighted,
      role,
      layer,
      agree ? "name and structure" : known ? "name" : "structure",
      agree ? undefined : doubt,
    );
  }
  for (const [index] of structure.layers.entries()) {
    const layer = layerNames.get(index) ?? index;
    const value = layerOutput(view, structure.layers, index);
    if (value) yield valueSite(view, value, layer, widthOf(structure, index), "structure");
    else untold.push(`layers.${layer}.output: a fused operator adds and normalises there without giving the sum out.`);
  }
}

/** Layer numbers as names give them, where all names of a layer agree. */
function explicitLayers({ parts }: Structure): Map<number, number> {
  const found = new Map<number, Set<number>>();
  for (const [weighted, part] of parts) {
    const layer = part.scope === "layer" ? roleNamed(weighted)?.layer : undefined;
    if (layer !== undefined) found.set(part.layer, (found.get(part.layer) ?? new Set()).add(layer));
  }
  return new Map([...found].filter(([, names]) => names.size === 1).map(([index, [name]]) => [index, name]));
}

function widthOf({ parts }: Structure, index: number): number {
  for (const [weighted, part] of parts)
    if (part.scope === "layer" && part.layer === index && part.module.endsWith(".o_proj")) return weighted.out;
  return 0;
}
