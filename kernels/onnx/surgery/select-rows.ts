import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { Site } from "../sites.ts";
import { int64 } from "../../tensor.ts";
export function selectRows(model: OnnxModel, head: Site | undefined): OnnxModel {
  const { graph } = model;
  const nodes = [makeNode("Reshape", ["logits:all", "sr:shape"], ["logits:flat"], {}, "sr1"), makeNode("Gather", ["logits:flat", "rows"], ["logits"], { axis: 0 }, "sr2")];
  return withGraph(model, {
    node: graph.node.flatMap((node) => (node.output.includes("logits") ? [shallowCopy(node, { output: node.output.map((o) => (o === "logits" ? "logits:all" : o)) }), ...nodes] : [node])),
    input: [...graph.input, makeValueInfo("rows", "int64", ["scored"])],
    output: graph.output.map((o) => o.name === "logits" ? makeValueInfo("logits", "float32", ["scored", 896]) : o),
    initializer: [...graph.initializer, makeTensor("sr:shape", int64([-1, 896], [2]))],
  });
}
