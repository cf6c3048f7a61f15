import type { NodeProto } from "onnx-buf";
import { attentionBlocks } from "./attention-block.ts";
import type { AttentionBlock } from "./attention-block.ts";
import type { GraphView } from "./graph-view.ts";
import { residualJoin } from "./residual-join.ts";
import type { ResidualJoin } from "./residual-join.ts";
import type { WeightedNode } from "./weighted-node.ts";
import type { Weights } from "./weights.ts";

/** What the graph alone says of a weighted node. */
export interface Part {
  /** "layer", or "head" for an attention without residual stream after the last layer (SigLIP's pooling). */
  scope: "layer" | "head";
  /** Module inside the layer, such as "self_attn.q_proj", "cross_attn.k_proj" or "mlp.gate_proj". */
  module: string;
  /** Counted from 0 in graph order. */
  layer: number;
  /** Why this is a guess, where it is one. */
  doubt?: string;
}

export interface Structure {
  parts: Map<WeightedNode, Part>;
  layers: LayerJoins[];
}

/** The sums of one layer: after its attentions, and after its feed-forward part. */
export interface LayerJoins {
  attention: ResidualJoin[];
  mlp: ResidualJoin[];
}

interface Layer extends LayerJoins {
  blocks: AttentionBlock[];
  /** Projections whose results join the residual stream. */
  writers: WeightedNode[];
}

/** Finds layers by their attentions and residual sums, and gives every projection in them its role. */
export function structureOf(view: GraphView, weights: Weights): Structure {
  const parts = new Map<WeightedNode, Part>();
  const blocks = attentionBlocks(view, weights);
  const layers: Layer[] = [];
  const inAttention = new Set<WeightedNode>();
  const heads: AttentionBlock[] = [];
  for (const block of blocks) {
    for (const node of [...block.q, ...block.k, ...block.v, ...block.o]) inAttention.add(node);
    const joins = block.o.flatMap((o) => residualJoin(view, weights, o) ?? []);
    if (joins.length === 0) {
      if (block.o.length) heads.push(block);
      continue;
    }
    const last = layers.at(-1);
    const cross = last !== undefined && isCross(view, last, block);
    if (cross) {
      last.blocks.push(block);
      last.attention.push(...joins);
      last.writers.push(...block.o);
    } else layers.push({ blocks: [block], attention: joins, mlp: [], writers: [...block.o] });
    giveAttention(parts, block, "layer", layers.length - 1, cross ? "cross_attn" : "self_attn");
  }
  for (const block of heads) giveAttention(parts, block, "head", -1, "self_attn");

  const starts = layers.map((layer) => view.ancestors(layer.blocks[0].q.map((q) => q.input)));
  for (const weighted of weights.all) {
    if (inAttention.has(weighted) || weighted.kind !== "projection") continue;
    const join = residualJoin(view, weights, weighted);
    const before = join && weights.before([weighted.input]).filter((node) => node.kind === "projection");
    if (!before?.length || before.some((node) => inAttention.has(node) && !isWriter(layers, node))) continue;
    const ancestors = view.ancestors([weighted.input]);
    const behind = heads.some((head) => head.o.some((o) => ancestors.has(o.node)));
    const layer = layerOf(layers, starts, ancestors, weighted.node);
    if (!behind && layer < 0) continue;
    const inner = before.filter((node) => !inAttention.has(node));
    if (inner.length === 0) continue;
    giveMlp(view, weights, parts, weighted, inner, behind ? "head" : "layer", behind ? -1 : layer);
    if (!behind) layers[layer].mlp.push(join!);
  }
  return { parts, layers };
}

const isWriter = (layers: readonly Layer[], node: WeightedNode) => layers.some((layer) => layer.writers.includes(node));

/** Cross-attention reads its queries from a stream that its own layer has written to, and its keys from elsewhere. */
function isCross(view: GraphView, layer: Layer, block: AttentionBlock): boolean {
  const writes = (nodes: Set<NodeProto>) => layer.writers.some((writer) => nodes.has(writer.node));
  return writes(view.ancestors([block.query])) && !writes(view.ancestors([block.key]));
}

/** The layer that a feed-forward part belongs to; -1 before the first. It stands after its layer's attention, or beside it. */
function layerOf(
  layers: readonly Layer[],
  starts: readonly Set<NodeProto>[],
  ancestors: Set<NodeProto>,
  node: NodeProto,
) {
  let after = -1;
  layers.forEach((layer, i) => {
    if (layer.blocks.some((block) => block.o.some((o) => ancestors.has(o.node)))) after = i;
  });
  const next = after + 1;
  // Beside: the next layer's attention exists and does not wait for this part.
  const beside = next < layers.length && !starts[next].has(node);
  return beside ? next : after;
}

function giveAttention(
  parts: Map<WeightedNode, Part>,
  { q, k, v, o }: AttentionBlock,
  scope: Part["scope"],
  layer: number,
  group: string,
): void {
  const uses = new Map<WeightedNode, string>();
  for (const [letter, nodes] of Object.entries({ q, k, v }))
    for (const node of nodes) uses.set(node, (uses.get(node) ?? "") + letter);
  for (const [node, letters] of uses) {
    const several = { q, k, v }[letters[0] as "q" | "k" | "v"].length > 1;
    parts.set(node, {
      scope,
      layer,
      module: `${group}.${letters}_proj`,
      ...(several && { doubt: `several projections feed the ${letters} of this attention` }),
    });
  }
  for (const node of o)
    parts.set(node, {
      scope,
      layer,
      module: `${group}.o_proj`,
      ...(o.length > 1 && { doubt: "several projections read what this attention gives" }),
    });
}

function giveMlp(
  view: GraphView,
  weights: Weights,
  parts: Map<WeightedNode, Part>,
  down: WeightedNode,
  inner: readonly WeightedNode[],
  scope: Part["scope"],
  layer: number,
): void {
  const give = (node: WeightedNode, module: string, doubt?: string) =>
    parts.set(node, { scope, layer, module: `mlp.${module}`, ...(doubt && { doubt }) });
  if (inner.length === 1) {
    const [first] = inner;
    const gated = first.out === 2 * down.in;
    give(first, gated ? "gate_up_proj" : "fc1");
    give(down, gated ? "down_proj" : "fc2");
    return;
  }
  give(down, "down_proj");
  const gate = inner.length === 2 ? gateOf(view, weights, down, inner) : undefined;
  for (const node of inner)
    if (inner.length > 2) give(node, "up_proj", `${inner.length} projections feed ${down.node.name || down.output}`);
    else if (!gate) give(node, node === inner[0] ? "gate_proj" : "up_proj", "no activation tells gate and up apart");
    else give(node, node === gate ? "gate_proj" : "up_proj");
}

// prettier-ignore
const ACTIVATIONS = new Set([
  "BiasGelu", "Elu", "Erf", "FastGelu", "Gelu", "HardSigmoid", "HardSwish", "Mish", "QuickGelu", "Relu", "Sigmoid", "Silu", "Softplus",
  "Swish", "Tanh",
]);

/** Of two projections that are multiplied, the one that an activation function acts on. */
function gateOf(view: GraphView, weights: Weights, down: WeightedNode, inner: readonly WeightedNode[]) {
  const between = view.ancestors([down.input], weights.stops);
  const activated = inner.filter((node) =>
    view
      .descendants(node.output, (next) => weights.stops(next) || joinsBoth(view, weights, next, inner))
      .some((next) => between.has(next) && ACTIVATIONS.has(next.opType)),
  );
  return activated.length === 1 ? activated[0] : undefined;
}

/** Whether a node is the product of the two halves: an activation beyond it would say nothing about one of them. */
const joinsBoth = (view: GraphView, weights: Weights, node: NodeProto, inner: readonly WeightedNode[]) =>
  node.opType === "Mul" &&
  inner.every((half) => weights.before(node.input.filter((input) => !view.isConstant(input))).includes(half));
