import { create } from "@bufbuild/protobuf";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from "onnx-buf";
import type { NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import type { Tensor, TensorType } from "../tensor.ts";
import { makeAttribute } from "./attributes.ts";
import type { AttributeValue } from "./attributes.ts";
import { elementTypes } from "./element-type.ts";
import type { OnnxModel } from "./graph.ts";

/** A fixed size, a named size that varies from call to call, or undefined for a size nothing is known of. */
export type Dimension = number | string | undefined;

/** One operator; an optional input that is left out is "". */
export const makeNode = (
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Record<string, AttributeValue> = {},
  name = "",
): NodeProto =>
  create(NodeProtoSchema, {
    opType,
    name,
    input: [...input],
    output: [...output],
    attribute: Object.entries(attributes).map(([key, value]) => makeAttribute(key, value)),
  });

/** A weight or constant; its bytes are shared with `tensor.data`, not copied. */
export const makeTensor = (name: string, { type, dims, data }: Tensor): TensorProto =>
  create(TensorProtoSchema, {
    name,
    dataType: elementTypes[type],
    dims: dims.map(BigInt),
    rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
  });

/** Declares a graph input or output; without `type`, ONNX Runtime infers both type and shape. */
export const makeValueInfo = (name: string, type?: TensorType, dims?: readonly Dimension[]): ValueInfoProto =>
  create(ValueInfoProtoSchema, {
    name,
    ...(type && {
      type: create(TypeProtoSchema, {
        value: {
          case: "tensorType",
          value: create(TypeProto_TensorSchema, {
            elemType: elementTypes[type],
            ...(dims && { shape: create(TensorShapeProtoSchema, { dim: dims.map(makeDimension) }) }),
          }),
        },
      }),
    }),
  });

const makeDimension = (dim: Dimension) =>
  create(TensorShapeProto_DimensionSchema, {
    value:
      typeof dim === "string"
        ? { case: "dimParam", value: dim }
        : dim === undefined
          ? { case: undefined }
          : { case: "dimValue", value: BigInt(dim) },
  });

/** A model made of its parts. */
export const makeModel = (parts: {
  nodes: NodeProto[];
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
  initializers?: TensorProto[];
  opset?: number;
}): OnnxModel =>
  create(ModelProtoSchema, {
    // The oldest format version that every operator set used here allows, so that older runtimes read the file too.
    irVersion: 8n,
    producerName: "medke",
    opsetImport: [create(OperatorSetIdProtoSchema, { domain: "", version: BigInt(parts.opset ?? 17) })],
    graph: create(GraphProtoSchema, {
      name: "graph",
      node: parts.nodes,
      input: parts.inputs,
      output: parts.outputs,
      initializer: parts.initializers ?? [],
    }),
  }) as OnnxModel;
