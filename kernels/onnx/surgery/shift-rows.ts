import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import type { OnnxModel } from "../graph.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { Site } from "../sites.ts";
import { freshNames } from "../values.ts";
import { int64 } from "../../tensor.ts";
export const shiftRowNames = (siteId: string) => ({ mask: `shift:${siteId}:mask`, delta: `shift:${siteId}:delta` });
export function shiftRows(model: OnnxModel, site: Site): OnnxModel {
  const { mask, delta } = shiftRowNames(site.id);
  const fresh = freshNames(model);
  const { graph } = model;
  const [base, last, spread, product] = [fresh("b"), fresh("l"), fresh("s"), fresh("p")];
  const nodes = [makeNode("Unsqueeze", [mask, last], [spread], {}, spread), makeNode("Mul", [spread, delta], [product], {}, product), makeNode("Add", [base, product], [site.output], {}, fresh("a"))];
  return withGraph(model, {
    node: graph.node.flatMap((node) => (node.output.includes(site.output) ? [shallowCopy(node, { output: node.output.map((o) => (o === site.output ? base : o)) }), ...nodes] : [node])),
    input: [...graph.input, makeValueInfo(mask, "float32", ["batch_size", "sequence_length"]), makeValueInfo(delta, "float32", [site.out])],
    initializer: [...graph.initializer, makeTensor(last, int64([-1], [1]))],
  });
}
