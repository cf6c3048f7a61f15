import type { ValueInfoProto } from "onnx-buf";
import { makeNode, makeValueInfo } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { placeNodes } from "../scoped-copy.ts";
import { declared, feedInputs, freshNames, producers } from "../values.ts";

/**
 * Inputs and outputs in half precision become float32 of the same name, with a Cast inside the graph: whoever feeds and reads it needs no
 * half-precision numbers, which JavaScript does not have everywhere. A graph without any is returned as it is.
 *
 * `keep` says of a name that it stays: a cache goes from run to run, and twice its size would be copied for nothing.
 */
export function floatEdges(model: OnnxModel, keep: (name: string) => boolean = () => false): OnnxModel {
  const { graph } = model;
  const made = producers(model);
  const changes = (info: ValueInfoProto) => declared(info).type === "float16" && !keep(info.name);
  const inputs = feedInputs(model).filter(changes);
  const outputs = graph.output.filter((info) => changes(info) && made.has(info.name));
  if (inputs.length + outputs.length === 0) return model;
  const fresh = freshNames(model);
  const inner = new Map([...inputs, ...outputs].map(({ name }) => [name, fresh(`${name}/float16`)]));
  const cast = (from: string, to: string, type: number) => makeNode("Cast", [from], [to], { to: type }, `${to}/Cast`);
  const wide = (info: ValueInfoProto) =>
    inputs.includes(info) || outputs.includes(info) ? makeValueInfo(info.name, "float32", declared(info).dims) : info;
  return withGraph(model, {
    input: graph.input.map(wide),
    output: graph.output.map(wide),
    node: [
      ...inputs.map(({ name }) => cast(name, inner.get(name)!, elementTypes.float16)),
      ...placeNodes(graph.node, { bound: inner, fresh: (name) => name, nodeName: (name) => name }),
      ...outputs.map(({ name }) => cast(inner.get(name)!, name, elementTypes.float32)),
    ],
    valueInfo: [
      ...graph.valueInfo.filter(({ name }) => !inner.has(name)),
      ...[...inputs, ...outputs].map((info) => makeValueInfo(inner.get(info.name)!, "float16", declared(info).dims)),
    ],
  });
}
