import type { NodeProto, TensorProto, ValueInfoProto } from "onnx-buf";
import { closest } from "fastest-levenshtein";
import { UnknownNameError } from "../errors.ts";
import type { TensorType } from "../tensor.ts";
import { bodyNames } from "./body-graphs.ts";
import type { Dimension } from "./builder.ts";
import { tensorType } from "./element-type.ts";
import type { OnnxModel } from "./graph.ts";

/** Cause: a node or value is asked for that the graph does not have. Handled by: the caller, who corrects the name. */
export class UnknownGraphNameError extends UnknownNameError {}

/** Every value of a graph: inputs, weights and what nodes produce. */
export function valueNames({ graph }: OnnxModel): Set<string> {
  const names = new Set<string>();
  for (const input of graph.input) names.add(input.name);
  for (const tensor of graph.initializer) names.add(tensor.name);
  for (const node of graph.node) for (const output of node.output) if (output) names.add(output);
  return names;
}

export const initializerMap = ({ graph }: OnnxModel): Map<string, TensorProto> =>
  new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));

/** Graph inputs that a caller must feed: older files list weights among the inputs too. */
export function feedInputs(model: OnnxModel): ValueInfoProto[] {
  const weights = initializerMap(model);
  return model.graph.input.filter((input) => !weights.has(input.name));
}

/** Which node makes each value. */
export function producers({ graph }: OnnxModel): Map<string, NodeProto> {
  const made = new Map<string, NodeProto>();
  for (const node of graph.node) for (const output of node.output) if (output) made.set(output, node);
  return made;
}

/** Declared type and sizes of a graph input or output. */
export function declared(info: ValueInfoProto): { type: TensorType | undefined; dims: Dimension[] | undefined } {
  const value = info.type?.value;
  if (value?.case !== "tensorType") return { type: undefined, dims: undefined };
  const dims = value.value.shape?.dim.map(({ value: dim }): Dimension =>
    dim.case === "dimValue" ? Number(dim.value) : dim.case === "dimParam" ? dim.value : undefined,
  );
  return { type: tensorType(value.value.elemType), dims };
}

/** Refuses a name that the graph does not have and offers the nearest one (a graph has too many names to list). */
export function requireGraphName(kind: string, name: string, known: Iterable<string>): string {
  const names = [...known].filter(Boolean);
  if (names.includes(name)) return name;
  const hint = names.length ? ` Did you mean "${closest(name, names)}"?` : "";
  throw new UnknownGraphNameError(`the graph has no ${kind} "${name}".${hint}`);
}

/** A maker of value names that the graph does not use yet, the bodies of its branches and loops included. */
export function freshNames(model: OnnxModel): (wish: string) => string {
  const taken = valueNames(model);
  for (const node of model.graph.node) for (const name of bodyNames(node)) taken.add(name);
  return (wish) => {
    let name = wish;
    for (let i = 2; taken.has(name); i++) name = `${wish}~${i}`;
    taken.add(name);
    return name;
  };
}
