import { makeValueInfo } from "../builder.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { producers, requireGraphName } from "../values.ts";

/**
 * Makes values inside the graph outputs of the model, after the existing ones. The values themselves do not change.
 * Values that are outputs already stay as they are. ONNX Runtime infers type and shape of the new outputs.
 *
 * Throws: UnknownGraphNameError for a name that no node produces (inputs and weights are known to the caller).
 */
export function tap(model: OnnxModel, values: readonly string[]): OnnxModel {
  const made = producers(model);
  for (const value of values) requireGraphName("computed value", value, made.keys());
  const outputs = new Set(model.graph.output.map((output) => output.name));
  const added = [...new Set(values)].filter((value) => !outputs.has(value));
  return withGraph(model, { output: [...model.graph.output, ...added.map((value) => makeValueInfo(value))] });
}
