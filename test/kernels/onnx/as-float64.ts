import type { NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { TensorProto_DataType as DataType } from "onnx-buf";
import { makeTensor, makeValueInfo, declared, tensorOf } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";

/** The same float32 model computing in float64, so that finite differences of the whole model are sharp. */
export function asFloat64(model: OnnxModel): OnnxModel {
  const { graph } = model;
  return withGraph(model, {
    initializer: graph.initializer.map(wideTensor),
    node: graph.node.map(wideNode),
    input: graph.input.map(wideInfo),
    output: graph.output.map(wideInfo),
    valueInfo: [],
  });
}

function wideTensor(tensor: TensorProto): TensorProto {
  if (tensor.dataType !== DataType.FLOAT) return tensor;
  const { dims, data } = tensorOf(tensor);
  return makeTensor(tensor.name, { type: "float64", dims, data: Float64Array.from(data as Float32Array) });
}

const wideNode = (node: NodeProto): NodeProto =>
  shallowCopy(node, {
    attribute: node.attribute.map((attribute) => {
      if (attribute.t) return shallowCopy(attribute, { t: wideTensor(attribute.t) });
      if (node.opType === "Cast" && attribute.name === "to" && Number(attribute.i) === DataType.FLOAT)
        return shallowCopy(attribute, { i: BigInt(DataType.DOUBLE) });
      return attribute;
    }),
  });

const wideInfo = (info: ValueInfoProto): ValueInfoProto => {
  const { type, dims } = declared(info);
  return type === "float32" ? makeValueInfo(info.name, "float64", dims) : info;
};
