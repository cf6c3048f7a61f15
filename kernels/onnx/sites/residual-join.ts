import type { NodeProto } from "onnx-buf";
import type { GraphView } from "./graph-view.ts";
import type { Weights } from "./weights.ts";
import type { WeightedNode } from "./weighted-node.ts";

/** Where the result of a branch is added to the value that the branch started from. */
export interface ResidualJoin {
  node: NodeProto;
  /** The value that goes past the branch. */
  skip: string;
  /** The sum; undefined where a fused node does not give it out. */
  sum: string | undefined;
  /** The normalised sum, where the node normalises too. */
  normalised: string | undefined;
}

const SKIP_NORMS = new Set(["SkipLayerNormalization", "SkipSimplifiedLayerNormalization"]);

/**
 * The nearest sum of a weighted node's output with a value that the node itself was computed from. Other sums (rotary position, the
 * tanh form of GELU, biases, low-rank side inputs) add a value that is no ancestor, or one that the node is an ancestor of.
 */
export function residualJoin(view: GraphView, weights: Weights, weighted: WeightedNode): ResidualJoin | undefined {
  const branch = new Set<string>([weighted.output]);
  let ancestors: Set<NodeProto> | undefined;
  for (const node of view.descendants(weighted.output, weights.stops)) {
    const adds = node.opType === "Add" || node.opType === "Sum" || SKIP_NORMS.has(node.opType);
    if (adds && !weights.of(node)) {
      const operands = node.input.slice(0, 2);
      const fresh = operands.filter((operand) => branch.has(operand));
      const skip = operands.find((operand) => !branch.has(operand));
      if (fresh.length === 1 && skip && !view.isConstant(skip)) {
        ancestors ??= view.ancestors([weighted.input]);
        if (isStart(view, ancestors, skip) || sumsStart(view, ancestors, skip)) return joinAt(view, node, skip);
      }
    }
    if (!weights.stops(node)) for (const output of node.output) branch.add(output);
  }
  return undefined;
}

/** Whether a branch with these ancestors was computed from a value; a graph input (inputs_embeds) has no maker to look for. */
function isStart(view: GraphView, ancestors: Set<NodeProto>, value: string): boolean {
  const maker = view.made.get(value);
  return maker ? ancestors.has(maker) : [...ancestors].some((node) => node.input.includes(value));
}

/** Two branches side by side may join one after the other: the second then meets the stream with the first already added. */
function sumsStart(view: GraphView, ancestors: Set<NodeProto>, value: string): boolean {
  const maker = view.made.get(value);
  return (
    maker?.opType === "Add" && maker.input.some((input) => !view.isConstant(input) && isStart(view, ancestors, input))
  );
}

function joinAt(view: GraphView, node: NodeProto, skip: string): ResidualJoin {
  if (!SKIP_NORMS.has(node.opType)) return { node, skip, sum: withBias(view, node.output[0]), normalised: undefined };
  return { node, skip, sum: node.output[3] || undefined, normalised: node.output[0] };
}

/** A fused sum that was written out adds its bias last: only then is the stream whole. */
function withBias(view: GraphView, sum: string): string {
  const readers = view.readers(sum);
  if (readers.length !== 1 || readers[0].opType !== "Add" || view.outputs.has(sum)) return sum;
  const other = readers[0].input.find((input) => input !== sum);
  return other !== undefined && view.isConstant(other) ? readers[0].output[0] : sum;
}
