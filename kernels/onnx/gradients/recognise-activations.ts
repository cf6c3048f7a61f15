import type { NodeProto } from "onnx-buf";
import type { OnnxModel } from "../graph.ts";
import type { Trace } from "../trace.ts";
import { ACTIVATIONS } from "./activation-slopes.ts";
import type { ActivationSlope } from "./activation-slopes.ts";
import { erf } from "./erf-value.ts";
import { stopsGradient } from "./stop-gradient.ts";

/** Nodes that together compute a known activation y = f(x), of which nothing but y is used elsewhere. */
export interface ActivationGroup {
  x: string;
  slope: ActivationSlope;
}

/** A value as a function of one other value, and the nodes between them. */
interface Expression {
  root: string;
  at: (x: number) => number;
  nodes: readonly NodeProto[];
}

const UNARY: Record<string, (x: number) => number> = {
  Erf: erf,
  Identity: (x) => x,
  Neg: (x) => -x,
  Sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  Tanh: Math.tanh,
};
const BINARY: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Div: (a, b) => a / b,
  Mul: (a, b) => a * b,
  Pow: (a, b) => a ** b,
  Sub: (a, b) => a - b,
};
const CURVES = new Set(["Erf", "Sigmoid", "Tanh"]);
/** The longest way an exporter writes an activation has about ten nodes. */
const LONGEST = 14;
const SAMPLES = [-6, -2.7, -1.3, -0.6, -0.1, 0, 0.2, 0.9, 1.6, 3.1, 5.5];

/**
 * Finds activations that an exporter wrote out in single operators, by the last node of each.
 *
 * They are told by what they compute, not by how they are written: the nodes are evaluated at a few numbers. Differentiated as one,
 * an activation takes half the passes over memory, and the forward nodes have no other readers, so that ONNX Runtime fuses them.
 * `wanted` are values that must stay apart (targets, outputs).
 */
export function recogniseActivations(
  { graph }: OnnxModel,
  trace: Trace,
  wanted: Iterable<string>,
): Map<NodeProto, ActivationGroup> {
  const readers = new Map<string, number>();
  const read = (name: string) => readers.set(name, (readers.get(name) ?? 0) + 1);
  for (const node of graph.node) node.input.forEach(read);
  for (const output of graph.output) read(output.name);
  for (const name of wanted) read(name);
  const expressions = new Map<string, Expression>();
  const groups = new Map<NodeProto, ActivationGroup>();
  for (const node of graph.node) {
    const expression = express(node, trace, expressions);
    if (!expression) continue;
    expressions.set(node.output[0], expression);
    const { root, at, nodes } = expression;
    if (!nodes.some((inner) => CURVES.has(inner.opType)) || !closed(nodes, node, readers)) continue;
    const known = ACTIVATIONS.find(({ value }) => SAMPLES.every((x) => Math.abs(at(x) - value(x)) <= 2e-5));
    if (known) groups.set(node, { x: root, slope: known.slope });
  }
  return groups;
}

function express(node: NodeProto, trace: Trace, expressions: ReadonlyMap<string, Expression>): Expression | undefined {
  if ((node.domain !== "" && node.domain !== "ai.onnx") || stopsGradient(node)) return undefined;
  const of = (name: string): Expression => expressions.get(name) ?? { root: name, at: (x) => x, nodes: [] };
  const scalar = (name: string) => {
    const value = trace.get(name);
    return value?.constant?.length === 1 && value.dims.every((size) => size === 1) ? value.constant[0] : undefined;
  };
  const unary = UNARY[node.opType];
  if (unary) {
    const inner = of(node.input[0]);
    return within(inner.root, (x) => unary(inner.at(x)), [...inner.nodes, node]);
  }
  const binary = BINARY[node.opType];
  if (!binary) return undefined;
  const [a, b] = node.input;
  const [left, right] = [scalar(a), scalar(b)];
  if (left !== undefined && right !== undefined) return undefined;
  if (left !== undefined) return within(of(b).root, (x) => binary(left, of(b).at(x)), [...of(b).nodes, node]);
  if (right !== undefined) return within(of(a).root, (x) => binary(of(a).at(x), right), [...of(a).nodes, node]);
  const [first, second] = [of(a), of(b)];
  if (first.root !== second.root) return undefined;
  return within(first.root, (x) => binary(first.at(x), second.at(x)), [...new Set([...first.nodes, ...second.nodes, node])]); // prettier-ignore
}

const within = (root: string, at: (x: number) => number, nodes: readonly NodeProto[]): Expression | undefined =>
  nodes.length > LONGEST ? undefined : { root, at, nodes };

/** Whether every value inside is read inside alone. */
function closed(nodes: readonly NodeProto[], last: NodeProto, readers: ReadonlyMap<string, number>): boolean {
  const inside = new Map<string, number>();
  for (const node of nodes) for (const input of node.input) inside.set(input, (inside.get(input) ?? 0) + 1);
  return nodes.every((node) => node === last || readers.get(node.output[0]) === inside.get(node.output[0]));
}
