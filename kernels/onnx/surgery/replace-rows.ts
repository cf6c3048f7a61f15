import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { Site } from "../sites.ts";
import { freshNames } from "../values.ts";
import { int64 } from "../../tensor.ts";
export const replaceRowNames = (siteId: string) => ({ mask: `replace:${siteId}:mask`, value: `replace:${siteId}:value` });
export function replaceRows(model: OnnxModel, site: Site): OnnxModel {
  const { mask, value } = replaceRowNames(site.id);
  const fresh = freshNames(model);
  const { graph } = model;
  const [base, last, spread] = [fresh("b"), fresh("l"), fresh("s")];
  const nodes = [makeNode("Unsqueeze", [mask, last], [spread], {}, spread), makeNode("Where", [spread, value, base], [site.output], {}, fresh("w"))];
  return withGraph(model, {
    node: graph.node.flatMap((node) => (node.output.includes(site.output) ? [shallowCopy(node, { output: node.output.map((o) => (o === site.output ? base : o)) }), ...nodes] : [node])),
    input: [...graph.input, makeValueInfo(mask, "bool", ["batch_size", "sequence_length"]), makeValueInfo(value, "float32", [site.out])],
    initializer: [...graph.initializer, makeTensor(last, int64([-1], [1]))],
  });
}
