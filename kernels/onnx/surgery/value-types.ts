import type { GraphProto, NodeProto } from "onnx-buf";
import type { TensorType } from "../../tensor.ts";
import { intAttribute, tensorAttribute } from "../attributes.ts";
import { tensorType } from "../element-type.ts";
import type { OnnxModel } from "../graph.ts";
import { declared } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

type Types = Map<string, TensorType | undefined>;

// Where a type is neither that of an input nor in an attribute, one entry an output.
const FIXED: Record<string, readonly (TensorType | undefined)[]> = {
  ...Object.fromEntries(["Shape", "Size", "NonZero", "ArgMax", "ArgMin"].map((op) => [op, ["int64"] as const])),
  ...Object.fromEntries(
    ["And", "Or", "Xor", "Not", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "IsInf", "IsNaN"].map(
      (op) => [op, ["bool"] as const],
    ),
  ),
  MatMulInteger: ["int32"],
  ConvInteger: ["int32"],
  DynamicQuantizeLinear: ["uint8", "float32", "uint8"],
  TopK: [undefined, "int64"],
  MaxPool: [undefined, "int64"],
  Dropout: [undefined, "bool"],
  LayerNormalization: [undefined, "float32", "float32"],
  SkipLayerNormalization: [undefined, "float32", "float32"],
  SkipSimplifiedLayerNormalization: [undefined, "float32", "float32"],
};

// The input with the outputs' type, where that is not the first.
const TYPED_BY: Record<string, number> = {
  Where: 1,
  CastLike: 1,
  DequantizeLinear: 1,
  QuantizeLinear: 2,
  GatherBlockQuantized: 2,
  OneHot: 2,
  QLinearMatMul: 7,
};

// Operators that name the type in an attribute, and what it is otherwise.
const ATTRIBUTE: Record<string, string> = {
  Cast: "to",
  EyeLike: "dtype",
  RandomNormal: "dtype",
  RandomUniform: "dtype",
  RandomNormalLike: "dtype",
  RandomUniformLike: "dtype",
  Bernoulli: "dtype",
};

/** Element type of every value whose type the operators tell; a graph input must declare it, other values need not. */
export function valueTypes({ graph }: OnnxModel): ReadonlyMap<string, TensorType | undefined> {
  const types: Types = new Map();
  addTypes(graph, types);
  return types;
}

/** Throws: SurgeryError where the graph does not tell the type of a value. */
export function valueType(types: ReadonlyMap<string, TensorType | undefined>, value: string): TensorType {
  const type = types.get(value);
  if (!type)
    throw new SurgeryError(
      `value "${value}": the graph does not tell its element type. Declare it in the model's value_info.`,
    );
  return type;
}

function addTypes(graph: GraphProto, types: Types): void {
  for (const input of graph.input) types.set(input.name, declared(input).type);
  for (const tensor of graph.initializer) types.set(tensor.name, tensorType(tensor.dataType));
  const said = new Map([...graph.valueInfo, ...graph.output].map((info) => [info.name, declared(info).type]));
  for (const node of graph.node) {
    const found = outputTypes(node, types);
    node.output.forEach((output, i) => output && types.set(output, said.get(output) ?? found(i)));
  }
}

function outputTypes(node: NodeProto, types: Types): (output: number) => TensorType | undefined {
  const [body] = node.attribute.flatMap(({ g }) => (g ? [g] : []));
  if (body) {
    // A loop's body gives its condition first.
    const skipped = node.opType === "Loop" ? 1 : 0;
    const inner: Types = new Map(types);
    addTypes(body, inner);
    return (i) => inner.get(body.output[i + skipped]?.name);
  }
  const value = tensorAttribute(node, "value");
  if (node.opType === "Constant" || node.opType === "ConstantOfShape") {
    const numbers = node.attribute.some(({ name }) => name === "value_int" || name === "value_ints");
    return () => (value ? tensorType(value.dataType) : numbers ? "int64" : "float32");
  }
  const named = ATTRIBUTE[node.opType] && intAttribute(node, ATTRIBUTE[node.opType]);
  const general = named ? tensorType(named) : types.get(node.input[TYPED_BY[node.opType] ?? 0]);
  return (i) => FIXED[node.opType]?.[i] ?? general;
}
