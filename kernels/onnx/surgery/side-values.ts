import type { NodeProto, ValueInfoProto } from "onnx-buf";
import { makeNode, makeValueInfo } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { declared, freshNames } from "../values.ts";

/** Graph inputs that a change of the graph reads, and what it reads them as. */
export interface SideValues {
  /** To declare: in float32 where the change is computed in half precision. */
  inputs: ValueInfoProto[];
  /** Casts of those inputs, which stand before the change. */
  nodes: NodeProto[];
  /** The value of an input in the type of the change. */
  given: (name: string) => string;
  /** Names that neither the graph nor these inputs have. */
  fresh: (wish: string) => string;
}

/**
 * Half-precision inputs become float32 ones that the graph rounds, so that edits, which are float32 wherever they are made, fit every model.
 * What they are a term of is rounded to half precision as well, which loses as much; and the values that the change reads keep the readers
 * in half precision that they had: ONNX Runtime computes those in float32 on the CPU and leaves out roundings between them, so that a
 * Cast among them would change the bits of a model that is not edited.
 */
export function sideValues(model: OnnxModel, wanted: readonly ValueInfoProto[]): SideValues {
  const isHalf = (info: ValueInfoProto) => declared(info).type === "float16";
  const inputs = wanted.map((info) => (isHalf(info) ? makeValueInfo(info.name, "float32", declared(info).dims) : info));
  const fresh = freshNames(withGraph(model, { input: [...model.graph.input, ...inputs] }));
  const rounded = new Map(wanted.filter(isHalf).map(({ name }) => [name, fresh(`${name}/float16`)]));
  const nodes = [...rounded].map(([name, half]) =>
    makeNode("Cast", [name], [half], { to: elementTypes.float16 }, half),
  );
  return { inputs, nodes, given: (name) => rounded.get(name) ?? name, fresh };
}
