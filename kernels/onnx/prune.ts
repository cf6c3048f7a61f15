import type { GraphProto, NodeProto } from "onnx-buf";
import { withGraph } from "./graph.ts";
import type { OnnxModel } from "./graph.ts";

/**
 * Drops the nodes and weights that no output needs. ONNX Runtime computes every node it is given, whichever outputs are asked for.
 * Graph inputs stay, needed or not: they are the model's interface.
 */
export function prune(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const needed = new Set(graph.output.map((output) => output.name));
  const kept: NodeProto[] = [];
  for (let i = graph.node.length - 1; i >= 0; i--) {
    const node = graph.node[i];
    if (!node.output.some((output) => output && needed.has(output))) continue;
    kept.push(node);
    for (const name of readNames(node)) needed.add(name);
  }
  return withGraph(model, {
    node: kept.reverse(),
    initializer: graph.initializer.filter((tensor) => needed.has(tensor.name)),
    valueInfo: graph.valueInfo.filter((info) => needed.has(info.name)),
  });
}

/** What a node reads, the bodies of its branches and loops included: they see the values around them. */
export function readNames(node: NodeProto): string[] {
  const bodies = node.attribute.flatMap((attribute) =>
    attribute.g ? [attribute.g, ...attribute.graphs] : attribute.graphs,
  );
  return [...node.input.filter(Boolean), ...bodies.flatMap(graphReads)];
}

const graphReads = (graph: GraphProto): string[] => [
  ...graph.node.flatMap(readNames),
  ...graph.output.map((output) => output.name),
];
