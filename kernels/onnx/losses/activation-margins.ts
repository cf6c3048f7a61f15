import type { NodeProto } from "onnx-buf";
import { float32, int64 } from "../../tensor.ts";
import { makeNode, makeTensor, makeValueInfo } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import type { Site } from "../sites.ts";
import { mlpActivation } from "../surgery/mlp-activation.ts";
import { SurgeryError } from "../surgery/site-node.ts";
import { freshNames, producers } from "../values.ts";

/** Names of the inputs that say which tokens and which sequences count. */
export const MARGIN_INPUTS = { tokens: "margins:tokens", edits: "margins:edits", others: "margins:others" };

/** How far activations shall move. Euclidean distances, mean over the counted tokens. */
export interface ActivationMargins {
  /** Other prompts shall stay below this. */
  alpha: number;
  /** Edited prompts shall exceed this. */
  beta: number;
  /** And exceed every other prompt by this. */
  gamma: number;
}

/**
 * Adds WISE's margins to the loss: relu(D_other - alpha) + relu(beta - D_edit) + relu(gamma - (D_edit - D_other)), each the mean of its positive
 * entries, the last over all pairs. D is the weighted sum over tokens of |act(y) - act(y')|, y' the site's output without the dense update
 * that the input `delta` carries, act the activation of the layer's MLP.
 *
 * New inputs: `margins:tokens` [batch, tokens], weights of a sequence's tokens; `margins:edits` and `margins:others` [batch], 1 for the
 * sequences of either kind. The scalar `loss` is the graph's own.
 * Throws: SurgeryError where the update or the loss is missing, or the activation cannot be read off the graph.
 * Source: WISE (arXiv 2405.14768), section 2.3.1.
 */
export function activationMargins(
  model: OnnxModel,
  site: Site,
  delta: string,
  { alpha, beta, gamma }: ActivationMargins,
): OnnxModel {
  const { graph } = model;
  const product = graph.node.find(({ opType, input }) => opType === "MatMul" && input[1] === delta)?.output[0];
  const sum = graph.node.find(({ opType, input }) => opType === "Add" && product !== undefined && input[1] === product);
  if (!sum || !producers(model).has("loss"))
    throw new SurgeryError(
      `activation margins at ${site.id}: the graph has ${sum ? "no loss" : `no update "${delta}"`}. Add it first.`,
    );
  const fresh = freshNames(model);
  const wish = (name: string) => fresh(`margins:${name}`);
  const words = fresh("loss/words");
  const nodes: NodeProto[] = [];
  const constants: ReturnType<typeof makeTensor>[] = [];
  const op = (opType: string, inputs: string[], attributes = {}, name = wish(opType)) => {
    nodes.push(makeNode(opType, inputs, [name], attributes, name));
    return name;
  };
  const scalar = (value: number) => {
    const name = wish("constant");
    constants.push(makeTensor(name, float32([value], [])));
    return name;
  };
  const axis = (at: number) => {
    const name = wish("axis");
    constants.push(makeTensor(name, int64([at], [1])));
    return name;
  };
  const activation = mlpActivation(model, site.layer);
  const activated = (value: string) => {
    const { nodes: own, output } = activation(value, fresh);
    nodes.push(...own);
    return op("Cast", [output], { to: elementTypes.float32 });
  };
  const moved = op("Sub", [activated(sum.output[0]), activated(sum.input[0])]);
  const square = op("ReduceSum", [op("Mul", [moved, moved]), axis(-1)], { keepdims: 0 });
  // Where nothing has moved yet the root has no slope; so small a number gives it slope 0 there, as PyTorch does.
  const distance = op("Sqrt", [op("Add", [square, scalar(1e-12)])]);
  const each = op("ReduceSum", [op("Mul", [distance, MARGIN_INPUTS.tokens]), axis(-1)], { keepdims: 0 });
  const meanOfPositive = (excess: string, counts: string) => {
    const open = op("Mul", [op("Relu", [excess]), counts]);
    const positive = op("Cast", [op("Greater", [open, scalar(0)])], { to: elementTypes.float32 });
    const count = op("Max", [op("ReduceSum", [positive], { keepdims: 0 }), scalar(1)]);
    return op("Div", [op("ReduceSum", [open], { keepdims: 0 }), count]);
  };
  const rest = meanOfPositive(op("Sub", [each, scalar(alpha)]), MARGIN_INPUTS.others);
  const act = meanOfPositive(op("Sub", [scalar(beta), each]), MARGIN_INPUTS.edits);
  const column = (value: string) => op("Unsqueeze", [value, axis(1)]);
  const row = (value: string) => op("Unsqueeze", [value, axis(0)]);
  const pairs = op("Mul", [column(MARGIN_INPUTS.edits), row(MARGIN_INPUTS.others)]);
  const gap = op("Sub", [scalar(gamma), op("Sub", [column(each), row(each)])]);
  const margins = op("Add", [op("Add", [rest, act]), meanOfPositive(gap, pairs)]);
  op("Add", [words, margins], {}, "loss");
  return withGraph(model, {
    node: graph.node.flatMap((node) =>
      node.output[0] === "loss" ? [shallowCopy(node, { name: words, output: [words] }), ...nodes] : [node],
    ),
    initializer: [...graph.initializer, ...constants],
    input: [
      ...graph.input,
      makeValueInfo(MARGIN_INPUTS.tokens, "float32", ["batch_size", "sequence_length"]),
      makeValueInfo(MARGIN_INPUTS.edits, "float32", ["batch_size"]),
      makeValueInfo(MARGIN_INPUTS.others, "float32", ["batch_size"]),
    ],
  });
}
