import type { AttributeProto, GraphProto, NodeProto, TensorProto } from "onnx-buf";
import { type OnnxModel, shallowCopy } from "./graph.ts";

type Change = (tensor: TensorProto) => TensorProto;

/** The same model with every weight replaced by what `change` returns, in the graph and in bodies of branches and loops. */
export const mapTensors = (model: OnnxModel, change: Change): OnnxModel =>
  shallowCopy(model, { graph: ofGraph(model.graph, change) } as Partial<OnnxModel>);

const ofGraph = (graph: GraphProto, change: Change): GraphProto =>
  shallowCopy(graph, {
    initializer: graph.initializer.map(change),
    node: graph.node.map((node) => ofNode(node, change)),
  });

function ofNode(node: NodeProto, change: Change): NodeProto {
  if (!node.attribute.some((attribute) => attribute.g || attribute.graphs.length)) return node;
  return shallowCopy(node, { attribute: node.attribute.map((attribute) => ofAttribute(attribute, change)) });
}

function ofAttribute(attribute: AttributeProto, change: Change): AttributeProto {
  if (!attribute.g && !attribute.graphs.length) return attribute;
  return shallowCopy(attribute, {
    g: attribute.g && ofGraph(attribute.g, change),
    graphs: attribute.graphs.map((graph) => ofGraph(graph, change)),
  });
}
