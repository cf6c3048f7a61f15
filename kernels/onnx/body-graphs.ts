import type { GraphProto, NodeProto } from "onnx-buf";

/** The bodies of a node's branches and loops; empty for ordinary operators. */
export const bodyGraphs = (node: NodeProto): GraphProto[] =>
  node.attribute.flatMap((attribute) => (attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs));

/** Every value name inside the bodies of a node, at any depth. */
export function* bodyNames(node: NodeProto): Generator<string> {
  for (const graph of bodyGraphs(node)) {
    for (const input of graph.input) yield input.name;
    for (const tensor of graph.initializer) yield tensor.name;
    for (const inner of graph.node) {
      yield* inner.output;
      yield* bodyNames(inner);
    }
  }
}

/** Every node of a graph and of the bodies inside it. */
export const everyNode = (graph: GraphProto): NodeProto[] =>
  graph.node.flatMap((node) => [node, ...bodyGraphs(node).flatMap(everyNode)]);
