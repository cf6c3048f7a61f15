import { makeValueInfo } from "../builder.ts";
import { tensorType } from "../element-type.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { initializerMap, requireGraphName } from "../values.ts";

/**
 * Turns weights into graph inputs of the same name and shape, so that they can be fed, changed and differentiated. Read the values
 * to feed with `tensorOf(initializer(model, name))` before lifting.
 *
 * The weight's own values give the base model's values. Bit for bit where the base runs over shared weights (see externalise): ONNX
 * Runtime multiplies single rows by a weight that it has packed, or cut and transposed beforehand, in another order of summation than
 * by an input.
 *
 * Throws: UnknownGraphNameError.
 */
export function lift(model: OnnxModel, names: readonly string[]): OnnxModel {
  const weights = initializerMap(model);
  for (const name of names) requireGraphName("weight", name, weights.keys());
  const lifted = new Set(names);
  const inputs = [...lifted].map((name) => {
    const weight = weights.get(name)!;
    return makeValueInfo(name, tensorType(weight.dataType), weight.dims.map(Number));
  });
  return withGraph(model, {
    initializer: model.graph.initializer.filter((tensor) => !lifted.has(tensor.name)),
    input: [...model.graph.input.filter((input) => !lifted.has(input.name)), ...inputs],
  });
}
