import type { AttributeProto, GraphProto, ModelProto, NodeProto, TensorProto } from "onnx-buf";

/** Every weight and constant of a model, wherever it lies: graph, bodies of branches and loops, attributes, functions. */
export function* everyTensor(model: ModelProto): Generator<TensorProto> {
  if (model.graph) yield* ofGraph(model.graph);
  for (const each of model.functions) {
    for (const node of each.node) yield* ofNode(node);
    for (const attribute of each.attributeProto) yield* ofAttribute(attribute);
  }
}

function* ofGraph(graph: GraphProto): Generator<TensorProto> {
  yield* graph.initializer;
  for (const sparse of graph.sparseInitializer) {
    if (sparse.values) yield sparse.values;
    if (sparse.indices) yield sparse.indices;
  }
  for (const node of graph.node) yield* ofNode(node);
}

function* ofNode(node: NodeProto): Generator<TensorProto> {
  for (const attribute of node.attribute) yield* ofAttribute(attribute);
}

function* ofAttribute(attribute: AttributeProto): Generator<TensorProto> {
  if (attribute.t) yield attribute.t;
  yield* attribute.tensors;
  if (attribute.g) yield* ofGraph(attribute.g);
  for (const graph of attribute.graphs) yield* ofGraph(graph);
}
