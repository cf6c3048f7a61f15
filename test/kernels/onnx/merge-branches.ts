import { create } from "@bufbuild/protobuf";
import { AttributeProto_AttributeType, AttributeProtoSchema, GraphProtoSchema } from "onnx-buf";
import { makeNode, makeTensor, makeValueInfo } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { shallowCopy, withGraph } from "../../../kernels/onnx/graph.ts";
import { int64 } from "../../../kernels/tensor.ts";

const OWN = "~";

/**
 * A decoder with a cache in the form that optimum merges: one `If` on `use_cache_branch`, over weights that lie around it. The branch
 * without a cache cuts every past to length 0.
 */
export function mergeBranches(decoder: OnnxModel): OnnxModel {
  const { graph } = decoder;
  const pasts = graph.input.map(({ name }) => name).filter((name) => name.startsWith("past"));
  const outputs = graph.output.map(({ name }) => name);
  const branch = (cached: boolean) => {
    const renamed = new Map([
      // The node around the branches makes values of the model's own output names.
      ...outputs.map((name) => [name, name + OWN] as const),
      ...(cached ? [] : pasts.map((name) => [name, name + OWN] as const)),
    ]);
    const rename = (names: readonly string[]) => names.map((name) => renamed.get(name) ?? name);
    const cuts = pasts.map((name) => makeNode("Slice", [name, "merge:0", "merge:0", "merge:2"], [name + OWN]));
    const nodes = graph.node.map((node) =>
      shallowCopy(node, { input: rename(node.input), output: rename(node.output) }),
    );
    return create(GraphProtoSchema, {
      name: cached ? "with cache" : "without cache",
      node: cached ? nodes : [...cuts, ...nodes],
      output: outputs.map((name) => makeValueInfo(name + OWN)),
    });
  };
  const choice = makeNode("If", ["use_cache_branch"], outputs, {}, "optimum::if");
  choice.attribute = [["then_branch", true] as const, ["else_branch", false] as const].map(([name, cached]) =>
    create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: branch(cached) }),
  );
  const constants = [0, 2].map((value) => makeTensor(`merge:${value}`, int64([value], [1])));
  return withGraph(decoder, {
    node: [choice],
    input: [...graph.input, makeValueInfo("use_cache_branch", "bool", [1])],
    initializer: [...graph.initializer, ...constants],
    valueInfo: [],
  });
}
