import type { NodeProto, TensorProto } from "onnx-buf";
import { intAttribute } from "./attributes.ts";
import type { OnnxModel } from "./graph.ts";
import { roleOf } from "./site-role.ts";
import type { SiteRole } from "./site-role.ts";
import { initializerMap, producers } from "./values.ts";

/** A projection y = x·W of the model whose output an edit may change. */
export interface Site {
  /** "layers.1.mlp.down_proj", or "lm_head" for the projection after the last layer. */
  id: string;
  role: SiteRole;
  /** Counted from 0; -1 for the head. */
  layer: number;
  /** Output of the node, which identifies it even where names are missing. */
  output: string;
  /** Name of the MatMul or Gemm node; may be empty in graphs from other exporters. */
  node: string;
  /** Initialiser that holds W, in its own layout. */
  weight: string;
  /** Whether that layout is [out, in]. */
  transposed: boolean;
  /** Size of x's last axis. */
  in: number;
  /** Size of y's last axis. */
  out: number;
}

/**
 * Finds the projections of a decoder or encoder by their role, from names that exporters leave on nodes, weights and metadata.
 * Ordered by layer, and inside a layer as the graph computes them; the head comes last.
 *
 * The layer is the explicit index in a name ("layers.3", "h.3") where there is one. Some exporters write only "/q_proj/MatMul" and
 * "/q_proj_1/MatMul": then it is the order of appearance within the role.
 */
export function findSites(model: OnnxModel): Site[] {
  const weights = initializerMap(model);
  const made = producers(model);
  const seen = new Map<SiteRole, number>();
  const sites: Site[] = [];
  for (const node of model.graph.node) {
    const found = weightOf(node, weights, made);
    if (!found) continue;
    const names = [node.name, found.tensor.name, ...node.metadataProps.map((entry) => entry.value)];
    const match = names.map(roleOf).find((role) => role !== undefined);
    if (!match) continue;
    const order = seen.get(match.role) ?? 0;
    seen.set(match.role, order + 1);
    const layer = match.role === "lm_head" ? -1 : (match.layer ?? order);
    const id = match.role === "lm_head" ? "lm_head" : `layers.${layer}.${match.role}`;
    sites.push({
      id,
      role: match.role,
      layer,
      output: node.output[0],
      node: node.name,
      weight: found.tensor.name,
      transposed: found.transposed,
      in: found.in,
      out: found.out,
    });
  }
  const position = (site: Site) => (site.layer < 0 ? Infinity : site.layer);
  return sites.sort((a, b) => (position(a) === position(b) ? 0 : position(a) - position(b)));
}

/** The constant second factor of a MatMul or Gemm, also behind a Transpose, and the sizes it maps between. */
function weightOf(node: NodeProto, weights: Map<string, TensorProto>, made: Map<string, NodeProto>) {
  if (node.opType !== "MatMul" && node.opType !== "Gemm") return undefined;
  const gemm = node.opType === "Gemm";
  if (gemm && intAttribute(node, "transA", 0)) return undefined;
  let transposed = gemm && intAttribute(node, "transB", 0) === 1;
  let name = node.input[1];
  for (let maker = made.get(name); maker && !weights.has(name); maker = made.get(name)) {
    if (maker.opType === "Transpose") transposed = !transposed;
    else if (maker.opType !== "Identity") return undefined;
    name = maker.input[0];
  }
  const tensor = weights.get(name);
  if (!tensor || tensor.dims.length !== 2) return undefined;
  const [rows, columns] = tensor.dims.map(Number);
  return transposed ? { tensor, transposed, in: columns, out: rows } : { tensor, transposed, in: rows, out: columns };
}
