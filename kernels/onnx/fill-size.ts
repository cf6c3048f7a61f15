import { type GraphProto, type NodeProto, TensorProto_DataType as DataType, type TensorProto } from "onnx-buf";
import { elementCount } from "./element-count.ts";

/** 2 GB of float32. No constant that an exporter lets the engine fill comes near; a file of a hundred bytes can ask for any size. */
const LARGEST_FILL = 2 ** 29;

/** Which input of an operator is the shape to fill. */
const SHAPE_INPUT: Record<string, number> = { ConstantOfShape: 0, Expand: 1 };

/**
 * Nodes that fill a constant shape too large to be meant. An engine computes constants when it loads a model: such a node takes the
 * memory before anything is asked of the model.
 */
export function* oversizedFills(graph: GraphProto): Generator<{ node: NodeProto; shape: readonly bigint[] }> {
  const shapes = new Map<string, TensorProto>(graph.initializer.map((tensor) => [tensor.name, tensor]));
  for (const node of graph.node) {
    if (node.opType === "Constant" && node.attribute[0]?.t) shapes.set(node.output[0], node.attribute[0].t);
    const input = Object.hasOwn(SHAPE_INPUT, node.opType) ? node.input[SHAPE_INPUT[node.opType]] : undefined;
    const shape = input && shapes.has(input) ? int64Values(shapes.get(input)!) : undefined;
    if (shape && (elementCount(shape.map((dim) => (dim < 0n ? -dim : dim))) ?? Infinity) > LARGEST_FILL)
      yield { node, shape };
  }
}

function int64Values({ dataType, rawData, int64Data }: TensorProto): readonly bigint[] | undefined {
  if (dataType !== DataType.INT64) return undefined;
  if (rawData.length === 0) return int64Data;
  const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
  return Array.from({ length: Math.floor(rawData.length / 8) }, (_, i) => view.getBigInt64(8 * i, true));
}
