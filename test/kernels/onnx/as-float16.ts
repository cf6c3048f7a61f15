import type { NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { TensorProto_DataType as DataType } from "onnx-buf";
import { declared, makeTensor, makeValueInfo, tensorOf } from "../../../kernels/onnx/index.ts";
import type { OnnxModel, Trace } from "../../../kernels/onnx/index.ts";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";
import { fromHalf, toHalf } from "../../../kernels/onnx/lowering/half.ts";
import type { Tensor } from "../../../kernels/tensor.ts";

// Masks hold the lowest float32: as an infinity it would turn 0 · mask into NaN, which is why exporters clamp too.
const clamped = (value: number) => Math.min(65504, Math.max(-65504, value));
export const halves = (tensor: Tensor): Tensor => ({
  type: "float16",
  dims: tensor.dims,
  data: Uint16Array.from(tensor.data as Float32Array, (value) => toHalf(clamped(value))),
});

/**
 * The same float32 model in half precision, as exporters convert it: weights, constants, casts, inputs and outputs. With a trace, casts
 * from float32 become Identity: ONNX Runtime 1.30 stumbles over casts of half precision to itself.
 */
export function asFloat16(model: OnnxModel, trace?: Trace): OnnxModel {
  const { graph } = model;
  return withGraph(model, {
    initializer: graph.initializer.map(halfTensor),
    node: graph.node.map((node) => (isIdle(node, trace) ? idle(node) : halfNode(node))),
    input: graph.input.map(halfInfo),
    output: graph.output.map(halfInfo),
    valueInfo: [],
  });
}

/** A float32 model whose weights are those that half precision can hold, for a comparison of the arithmetic alone. */
export const withHalfWeights = (model: OnnxModel): OnnxModel =>
  withGraph(model, {
    initializer: model.graph.initializer.map((tensor) => {
      if (tensor.dataType !== DataType.FLOAT) return tensor;
      const { dims, data } = tensorOf(tensor);
      const rounded = Float32Array.from(data as Float32Array, (value) => fromHalf(toHalf(clamped(value))));
      return makeTensor(tensor.name, { type: "float32", dims, data: rounded });
    }),
  });

const halfTensor = (tensor: TensorProto): TensorProto =>
  tensor.dataType === DataType.FLOAT ? makeTensor(tensor.name, halves(tensorOf(tensor))) : tensor;

const halfNode = (node: NodeProto): NodeProto =>
  shallowCopy(node, {
    attribute: node.attribute.map((attribute) => {
      if (attribute.t) return shallowCopy(attribute, { t: halfTensor(attribute.t) });
      if (node.opType === "Cast" && attribute.name === "to" && Number(attribute.i) === DataType.FLOAT)
        return shallowCopy(attribute, { i: BigInt(DataType.FLOAT16) });
      return attribute;
    }),
  });

const isIdle = (node: NodeProto, trace: Trace | undefined) =>
  node.opType === "Cast" && [node.input[0], node.output[0]].every((name) => trace?.get(name)?.type === "float32");
const idle = (node: NodeProto) => shallowCopy(node, { opType: "Identity", attribute: [] });

const halfInfo = (info: ValueInfoProto): ValueInfoProto => {
  const { type, dims } = declared(info);
  return type === "float32" ? makeValueInfo(info.name, "float16", dims) : info;
};
