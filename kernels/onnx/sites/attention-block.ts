import type { NodeProto } from "onnx-buf";
import type { GraphView } from "./graph-view.ts";
import { dataInputs } from "./graph-view.ts";
import type { Weights } from "./weights.ts";
import type { WeightedNode } from "./weighted-node.ts";

/** One attention: the projections that feed it and the one that follows. */
export interface AttentionBlock {
  /** Softmax or fused operator. */
  node: NodeProto;
  q: readonly WeightedNode[];
  k: readonly WeightedNode[];
  v: readonly WeightedNode[];
  o: readonly WeightedNode[];
  /** Values that arrive as queries and as keys. */
  query: string;
  key: string;
}

const FUSED = new Set(["Attention", "GroupQueryAttention", "MultiHeadAttention", "PagedAttention", "SparseAttention"]);
const PRODUCTS = new Set(["MatMul", "FusedMatMul", "Einsum", "Gemm"]);

/** Finds every attention of a graph, in graph order: fused operators, and softmax between two products of activations. */
export function attentionBlocks(view: GraphView, weights: Weights): AttentionBlock[] {
  const blocks: AttentionBlock[] = [];
  for (const node of view.nodes) {
    const block =
      node.opType === "Softmax"
        ? writtenOut(view, weights, node)
        : FUSED.has(node.opType)
          ? fused(weights, node)
          : undefined;
    if (block) blocks.push(block);
  }
  return blocks;
}

function fused(weights: Weights, node: NodeProto): AttentionBlock {
  const o = weights.after(node.output[0]);
  const own = weights.of(node);
  if (own) return { node, q: [own], k: [own], v: [own], o, query: own.input, key: own.input };
  const [query, key, value] = node.input;
  const q = weights.before([query]);
  // Without keys of its own the operator splits the first input.
  if (!key) return { node, q, k: q, v: q, o, query, key: query };
  return { node, q, k: weights.before([key]), v: weights.before([value || key]), o, query, key };
}

function writtenOut(view: GraphView, weights: Weights, softmax: NodeProto): AttentionBlock | undefined {
  const product = (node: NodeProto) => PRODUCTS.has(node.opType) && !weights.of(node);
  const boundary = (node: NodeProto) => product(node) || weights.stops(node);
  const scores = [...view.ancestors(softmax.input.slice(0, 1), boundary)].find(product);
  if (!scores) return undefined;
  const context = view.descendants(softmax.output[0], boundary).find(product);
  if (!context) return undefined;
  const fromSoftmax = (value: string) => view.ancestors([value], (node) => node === softmax).has(softmax);
  const values = dataInputs(context).filter((input) => !fromSoftmax(input));
  const [query, key] = scores.input;
  return {
    node: softmax,
    q: weights.before([query]),
    k: weights.before([key]),
    v: weights.before(values),
    o: weights.after(context.output[0]),
    query,
    key,
  };
}
