import { cloneModel, withGraph } from "../../../../kernels/onnx/graph.ts";
import type { OnnxModel } from "../../../../kernels/onnx/graph.ts";
import { shallowCopy } from "../../../../kernels/onnx/graph.ts";

/** The same graph without the names that tell roles: nodes nameless, weights and inner values numbered. Inputs and outputs keep theirs. */
export function eraseNames(model: OnnxModel): OnnxModel {
  const { graph } = cloneModel(model);
  const kept = new Set([...graph.input, ...graph.output].map((info) => info.name));
  const names = new Map<string, string>();
  const rename = (name: string) => {
    if (!name || kept.has(name)) return name;
    if (!names.has(name)) names.set(name, `v${names.size}`);
    return names.get(name)!;
  };
  return withGraph(model, {
    node: graph.node.map((node) =>
      shallowCopy(node, {
        name: "",
        metadataProps: [],
        input: node.input.map(rename),
        output: node.output.map(rename),
      }),
    ),
    initializer: graph.initializer.map((tensor) => shallowCopy(tensor, { name: rename(tensor.name) })),
    valueInfo: [],
  });
}
