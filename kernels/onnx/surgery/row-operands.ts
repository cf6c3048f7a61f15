import type { NodeProto } from "onnx-buf";
import { intAttribute, intsAttribute } from "../attributes.ts";
import { isStandard } from "../opset.ts";
import type { Trace } from "../trace.ts";

// prettier-ignore
export const ELEMENTWISE = new Set([
  "Abs", "Add", "And", "Cast", "Clip", "Cos", "Div", "Elu", "Equal", "Erf", "Exp", "Gelu", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish",
  "Identity", "IsInf", "IsNaN", "LeakyRelu", "Less", "LessOrEqual", "Max", "Min", "Mish", "Mod", "Mul", "Neg", "Not", "Or", "Pow", "Reciprocal", "Relu",
  "Selu", "Sigmoid", "Sign", "Sin", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Swish", "Tanh", "Where",
]);
export const NORMS = new Set(["LayerNormalization", "SimplifiedLayerNormalization"]);
export const REDUCTIONS = new Set(["ReduceMax", "ReduceMean", "ReduceSum", "ReduceSumSquare"]);
export const RESHAPES = new Set(["Reshape", "Flatten"]);

/** The operands of which a node reads the same row as it writes; undefined where it reads others, or the trace does not tell. */
export function rowOperands(node: NodeProto, trace: Trace): number[] | undefined {
  if (!isStandard(node.domain) && !NORMS.has(node.opType)) return undefined;
  const dims = (name: string) => trace.get(name)?.dims;
  const [result, first] = [dims(node.output[0]), dims(node.input[0])];
  // A result without an axis of rows, or of one row for all, is not chosen from.
  if (!result || !first || result.length < 2) return undefined;
  const rows = result.slice(0, -1);
  const hasRows = (of: readonly number[]) =>
    of.length === result.length && rows.every((size, axis) => of[axis] === size);
  const last = (axis: number | undefined) => axis === -1 || axis === first.length - 1;
  switch (node.opType) {
    case "MatMul":
      return hasRows(first) && dims(node.input[1])?.length === 2 ? [0] : undefined;
    case "Gemm":
      return intAttribute(node, "transA", 0) === 0 && (!node.input[2] || (dims(node.input[2])?.length ?? 2) < 2)
        ? [0]
        : undefined;
    case "Reshape":
    case "Flatten":
      return first.at(-1) === result.at(-1) ? [0] : undefined;
  }
  if (NORMS.has(node.opType)) {
    // A scale with axes of rows does not fit rows laid end to end.
    const flat = node.input.slice(1).every((name) => !name || (dims(name)?.length ?? 2) < 2);
    return hasRows(first) && flat && last(intAttribute(node, "axis", -1)) ? [0] : undefined;
  }
  if (REDUCTIONS.has(node.opType)) {
    const axes = node.input[1] ? trace.get(node.input[1])?.constant : intsAttribute(node, "axes");
    return hasRows(first) && axes?.length === 1 && last(axes[0]) && intAttribute(node, "keepdims", 1) === 1
      ? [0]
      : undefined;
  }
  if (!ELEMENTWISE.has(node.opType)) return undefined;
  const operands: number[] = [];
  for (const [i, name] of node.input.entries()) {
    const size = name ? dims(name) : [];
    if (!size) return undefined;
    if (size.length <= 1) continue;
    if (!hasRows(size)) return undefined;
    operands.push(i);
  }
  return operands;
}
