import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import { int64 } from "../../tensor.ts";
import type { TensorType } from "../../tensor.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { SurgeryError } from "../surgery/site-node.ts";
import { declared, freshNames, requireGraphName, valueNames } from "../values.ts";

/**
 * Adds a squared-error loss to a model with predictions [.., size].
 *
 * New inputs: `targets` [.., size] and `loss_weights` [..], in the type of the predictions.
 * New output: `loss` [], the sum over rows of weight × squared distance. For the mean over n values, feed weights 1 / n.
 *
 * Throws: UnknownGraphNameError when the graph has no such value; SurgeryError when it has a loss already.
 */
export function squaredError(model: OnnxModel, prediction = "y"): OnnxModel {
  const names = valueNames(model);
  requireGraphName("value", prediction, names);
  for (const name of ["targets", "loss_weights", "loss"])
    if (names.has(name))
      throw new SurgeryError(`squared error: the graph already has a value "${name}". Add the loss once.`);
  const fresh = freshNames(model);
  const output = model.graph.output.find((candidate) => candidate.name === prediction);
  const type: TensorType = (output && declared(output).type) ?? "float32";
  const dims = output && declared(output).dims;
  const [last, off, square, rows, weighted] = ["last_axis", "Sub", "Mul", "ReduceSum", "Weighted"].map((wish) =>
    fresh(`squared_error:${wish}`),
  );
  const node = (opType: string, inputs: string[], name: string, attributes = {}) =>
    makeNode(opType, inputs, [name], attributes, name);
  return withGraph(model, {
    node: [
      ...model.graph.node,
      node("Sub", [prediction, "targets"], off),
      node("Mul", [off, off], square),
      node("ReduceSum", [square, last], rows, { keepdims: 0 }),
      node("Mul", [rows, "loss_weights"], weighted),
      node("ReduceSum", [weighted], "loss", { keepdims: 0 }),
    ],
    initializer: [...model.graph.initializer, makeTensor(last, int64([-1], [1]))],
    input: [
      ...model.graph.input,
      makeValueInfo("targets", type, dims),
      makeValueInfo("loss_weights", type, dims?.slice(0, -1)),
    ],
    output: [...model.graph.output, makeValueInfo("loss", type, [])],
  });
}
