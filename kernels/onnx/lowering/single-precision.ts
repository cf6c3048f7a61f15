import type { AttributeProto, NodeProto, TensorProto } from "onnx-buf";
import { bodyGraphs } from "../body-graphs.ts";
import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { readNames } from "../prune.ts";
import { float32 } from "../../tensor.ts";
import { valueTypes } from "../surgery/value-types.ts";
import { declared, freshNames } from "../values.ts";
import { floatsOf } from "./float-weight.ts";
import { LoweringError } from "./lowering.ts";

const { float16: HALF, float32: SINGLE } = elementTypes;

/**
 * Computes in float32 whatever depends on the `targets`, so that a loss and its gradients are float32 all the way: in half precision
 * gradients below 6e-8 vanish and sums lose digits. What lies before the targets stays as it is, and values and weights that are read from
 * there are cast. A graph with no half precision behind the targets is returned as it is.
 *
 * Memory: a float32 copy of every half-precision weight behind the targets, made by the engine, twice the bytes of the weight itself.
 * Lower the graph first: fused operators are not looked into. Values keep their names, but for those of casts that became idle.
 *
 * Throws: LoweringError for a branch or a loop behind the targets that reads half precision.
 */
export function singlePrecision(model: OnnxModel, targets: readonly string[]): OnnxModel {
  const { graph } = model;
  const types = valueTypes(model);
  const isHalf = (name: string) => types.get(name) === "float16";
  // Names that others know a value by: outputs, and what bodies of branches and loops read.
  const named = new Set([
    ...graph.output.map(({ name }) => name),
    ...graph.node.filter((each) => bodyGraphs(each).length > 0).flatMap(readNames),
  ]);
  const { nodes: late, values: made } = behind(graph.node, targets);
  const usesHalf = (node: NodeProto) => [...readNames(node), ...node.output].some(isHalf);
  if (![...late].some(usesHalf)) return model;
  const fresh = freshNames(model);
  /** What stands for a value: a float32 copy of one from before the targets, what went into a cast that became idle. */
  const standsFor = new Map<string, string>();
  const node = graph.node.flatMap((each) => {
    if (!late.has(each)) return [each];
    if (bodyGraphs(each).length > 0 && usesHalf(each))
      throw new LoweringError(
        each,
        "computes in half precision behind the edit",
        "Load the float32 export of the model",
      );
    const casts: NodeProto[] = [];
    for (const name of each.input) {
      if (!isHalf(name) || made.has(name) || standsFor.has(name)) continue;
      const copy = fresh(`${name}/float32`);
      standsFor.set(name, copy);
      casts.push(makeNode("Cast", [name], [copy], { to: SINGLE }, copy));
    }
    const input = each.input.map((name) => standsFor.get(name) ?? name);
    const [from, to] = [each.input[0], each.output[0]];
    const idle = each.opType === "Cast" && floats(types.get(from)) && floats(types.get(to));
    if (idle && !named.has(to)) {
      standsFor.set(to, input[0]);
      return casts;
    }
    const changed = shallowCopy(each, {
      input,
      ...(idle ? { opType: "Identity", attribute: [] } : { attribute: each.attribute.map(widened) }),
    });
    return [...casts, changed];
  });
  const info = (each: (typeof graph.output)[number]) =>
    made.has(each.name) && declared(each).type === "float16"
      ? makeValueInfo(each.name, "float32", declared(each).dims)
      : each;
  return withGraph(model, { node, output: graph.output.map(info), valueInfo: graph.valueInfo.map(info) });
}

/** What depends on some values. */
function behind(nodes: readonly NodeProto[], targets: readonly string[]) {
  const reached = new Set(targets);
  const found = { nodes: new Set<NodeProto>(), values: new Set<string>() };
  for (const node of nodes) {
    if (!readNames(node).some((name) => reached.has(name))) continue;
    found.nodes.add(node);
    for (const output of node.output) {
      if (!output) continue;
      found.values.add(output);
      reached.add(output);
    }
  }
  return found;
}

const floats = (type: string | undefined) => type === "float16" || type === "float32";

/** A constant in an attribute, and a type that one names (of a Cast to half precision), in float32. */
function widened(attribute: AttributeProto): AttributeProto {
  if (attribute.t?.dataType === HALF) return shallowCopy(attribute, { t: singleTensor(attribute.t) });
  const named = attribute.name === "to" || attribute.name === "dtype";
  return named && Number(attribute.i) === HALF ? shallowCopy(attribute, { i: BigInt(SINGLE) }) : attribute;
}

const singleTensor = (tensor: TensorProto): TensorProto =>
  makeTensor(tensor.name, float32(Float32Array.from(floatsOf(tensor)), tensor.dims.map(Number)));
