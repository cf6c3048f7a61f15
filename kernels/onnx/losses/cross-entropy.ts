import type { NodeProto } from "onnx-buf";
import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import type { AttributeValue } from "../attributes.ts";
import { elementTypes } from "../element-type.ts";
import { declared, freshNames, requireGraphName, valueNames } from "../values.ts";
import { SurgeryError } from "../surgery/site-node.ts";
import { stopGradient } from "../gradients/stop-gradient.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { opsetOf } from "../opset.ts";
import { reductionTakesAxesInput } from "../reduction-axes.ts";
import { int64 } from "../../tensor.ts";
import type { TensorType } from "../../tensor.ts";

/**
 * Adds a cross-entropy head to a model with logits [batch, tokens, vocabulary]; any number of axes before the last will do.
 *
 * New inputs:  `labels` int64 [batch, tokens], each within the vocabulary (also where its weight is 0);
 *              `loss_weights` [batch, tokens], in the type of the logits (float32 for half precision).
 * New outputs: `loss` [], the sum over tokens of weight × -log p(label), in nats; `logprobs` [batch, tokens], log p(label), unweighted.
 * Half-precision logits are widened first, so that the loss and what follows it are float32: a sum over a vocabulary overflows otherwise.
 * Labels are aligned with the logits: nothing is shifted. For the mean over n tokens, feed weights 1/n.
 *
 * Throws: UnknownGraphNameError when the graph has no value `logits`; SurgeryError when it has a loss already.
 */
export function crossEntropy(model: OnnxModel, logits = "logits"): OnnxModel {
  const names = valueNames(model);
  requireGraphName("value", logits, names);
  for (const name of ["labels", "loss_weights", "loss", "logprobs"])
    if (names.has(name))
      throw new SurgeryError(`cross-entropy: the graph already has a value "${name}". Add the loss once.`);
  const fresh = freshNames(model);
  const output = model.graph.output.find((candidate) => candidate.name === logits);
  const given: TensorType = (output && declared(output).type) ?? "float32";
  const type = given === "float16" ? "float32" : given;
  const last = fresh("cross_entropy:last_axis");
  const nodes: NodeProto[] = [];
  const op = (
    opType: string,
    inputs: string[],
    attributes: Record<string, AttributeValue> = {},
    name = fresh(`cross_entropy:${opType}`),
  ) => {
    nodes.push(makeNode(opType, inputs, [name], attributes, name));
    return name;
  };
  const wide = type === given ? logits : op("Cast", [logits], { to: elementTypes[type] });
  // Written out as max, exp, sum and log: ONNX Runtime 1.30's WebGPU provider has no LogSoftmax, so that node would run on the
  // CPU and copy [batch, tokens, vocabulary] back and forth at every step.
  const max = reductionTakesAxesInput("ReduceMax", opsetOf(model))
    ? op("ReduceMax", [wide, last], { keepdims: 1 })
    : op("ReduceMax", [wide], { axes: [-1], keepdims: 1 });
  // log p does not depend on the number that is subtracted before exp; its gradient is zero by mathematics, not by choice.
  stopGradient(nodes[nodes.length - 1]);
  const shifted = op("Sub", [wide, max]);
  const total = op("ReduceSum", [op("Exp", [shifted]), last], { keepdims: 1 });
  // Only the label's logit is carried further: nothing but max, exp and sum passes over the vocabulary.
  const chosen = op("GatherElements", [shifted, op("Unsqueeze", ["labels", last])], { axis: -1 });
  op("Squeeze", [op("Sub", [chosen, op("Log", [total])]), last], {}, "logprobs");
  op("Neg", [op("ReduceSum", [op("Mul", ["logprobs", "loss_weights"])], { keepdims: 0 })], {}, "loss");
  const { graph } = model;
  const dims = (output && declared(output).dims?.slice(0, -1)) ?? ["batch_size", "sequence_length"];
  return withGraph(model, {
    node: [...graph.node, ...nodes],
    initializer: [...graph.initializer, makeTensor(last, int64([-1], [1]))],
    input: [...graph.input, makeValueInfo("labels", "int64", dims), makeValueInfo("loss_weights", type, dims)],
    output: [...graph.output, makeValueInfo("loss", type, []), makeValueInfo("logprobs", type, dims)],
  });
}
