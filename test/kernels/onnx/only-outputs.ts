import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { withGraph } from "../../../kernels/onnx/graph.ts";
import { prune } from "../../../kernels/onnx/prune.ts";

/** A model with some of its outputs, and what they need. */
export const onlyOutputs = (model: OnnxModel, ...names: string[]): OnnxModel =>
  prune(withGraph(model, { output: model.graph.output.filter(({ name }) => names.includes(name)) }));
