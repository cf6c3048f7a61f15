import type { NodeProto, ValueInfoProto } from "onnx-buf";
import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { SurgeryError } from "../surgery/site-node.ts";
import { int64 } from "../../tensor.ts";
import { declared, freshNames, producers, requireGraphName, valueNames } from "../values.ts";

export const SOFT_TARGETS = "soft_targets";

/**
 * Adds a second term to the loss of crossEntropy: the cross-entropy with whole distributions, such as those that the base model gives.
 * `loss` becomes loss + Σ -soft_targets × log p, in nats, over positions and vocabulary.
 *
 * A row of the targets may have any sum: it is the distribution times the row's weight, zeros where the row does not count. Its entropy
 * is not subtracted: that of the targets less, the term is the Kullback-Leibler divergence, with the same gradient.
 *
 * New input: `soft_targets` [.., vocabulary], shaped like the logits, in the type of the loss.
 * Throws: UnknownGraphNameError when the graph has no value `logits`; SurgeryError without a cross-entropy of these logits, or with soft
 * targets already.
 */
export function softCrossEntropy(model: OnnxModel, logits = "logits"): OnnxModel {
  const { graph } = model;
  const names = valueNames(model);
  requireGraphName("value", logits, names);
  if (names.has(SOFT_TARGETS))
    throw new SurgeryError(`soft targets: the graph already has a value "${SOFT_TARGETS}". Add the term once.`);
  const { shifted, logTotal } = partsOf(model, logits);
  const fresh = freshNames(model);
  const wish = (name: string) => fresh(`soft_cross_entropy:${name}`);
  const [hard, last] = [fresh("loss/hard"), wish("last_axis")];
  const nodes: NodeProto[] = [];
  const op = (opType: string, inputs: string[], attributes = {}, name = wish(opType)) => {
    nodes.push(makeNode(opType, inputs, [name], attributes, name));
    return name;
  };
  // -Σ t·(shifted - log Σ exp) with the logarithm taken out of the sum: one pass over the vocabulary less.
  const weight = op("ReduceSum", [SOFT_TARGETS, last], { keepdims: 1 });
  const inside = op("ReduceSum", [op("Mul", [SOFT_TARGETS, shifted]), last], { keepdims: 1 });
  const soft = op("ReduceSum", [op("Sub", [op("Mul", [weight, logTotal]), inside])], { keepdims: 0 });
  op("Add", [hard, soft], {}, "loss");
  const info = (name: string) => graph.output.find((output) => output.name === name);
  const typed = (each: ValueInfoProto | undefined) => (each ? declared(each) : undefined);
  return withGraph(model, {
    node: graph.node.flatMap((node) =>
      node.output[0] === "loss" ? [shallowCopy(node, { name: hard, output: [hard] }), ...nodes] : [node],
    ),
    initializer: [...graph.initializer, makeTensor(last, int64([-1], [1]))],
    input: [
      ...graph.input,
      makeValueInfo(SOFT_TARGETS, typed(info("loss"))?.type ?? "float32", typed(info(logits))?.dims),
    ],
  });
}

/** What crossEntropy computed over the vocabulary: the logits less their largest, and the logarithm of the sum of their powers. */
function partsOf(model: OnnxModel, logits: string): { shifted: string; logTotal: string } {
  const made = producers(model);
  // logprobs = Squeeze(Sub(chosen, Log(ReduceSum(Exp(Sub(logits or its Cast, max))))))
  const from = (name: string | undefined, opType: string) => {
    const node = made.get(name ?? "");
    return node?.opType === opType ? node : undefined;
  };
  const difference = from(from("logprobs", "Squeeze")?.input[0], "Sub");
  const log = from(difference?.input[1], "Log");
  const shifted = from(from(log?.input[0], "ReduceSum")?.input[0], "Exp")?.input[0];
  const start = from(shifted, "Sub")?.input[0];
  if (!log || !shifted || (start !== logits && from(start, "Cast")?.input[0] !== logits))
    throw new SurgeryError(
      `soft targets: the graph has no cross-entropy of "${logits}". Apply crossEntropy to the model first.`,
    );
  return { shifted, logTotal: log.output[0] };
}
