import type { NodeProto } from "onnx-buf";
import { intAttribute } from "../attributes.ts";
import { makeNode, makeValueInfo } from "../builder.ts";
import { shallowCopy, withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { ValueFacts } from "../lowering/value-facts.ts";
import { isStandard } from "../opset.ts";
import { readNames } from "../prune.ts";
import type { Site } from "../sites.ts";
import { declared, freshNames, producers, requireGraphName, valueNames } from "../values.ts";
import { SurgeryError } from "./site-node.ts";

/** Name of the graph input that chooses rows, and of the varying size: how many. */
export const SELECTED_ROWS = "rows";

const LOGITS = "logits";

/**
 * Computes the logits of chosen positions only: `logits` [batch, tokens, vocabulary] becomes [n, vocabulary], the rows of the flattened
 * sequences that the new input `rows` names. An answer of five tokens then needs five products with the head's weight, not one a token
 * of the prompt.
 *
 * Rows are chosen before the head's product where everything behind it works row by row (side inputs of the head, a soft cap, a cast), else
 * at the end. A loss is added afterwards: crossEntropy(selectRows(model, head)) takes labels [n] and loss_weights [n].
 *
 * `head`: the site `lm_head`; undefined where the model has none.
 * Shapes: rows int64 [n], each batch index × tokens + token index.
 * Throws: UnknownGraphNameError when no node computes `logits`; SurgeryError when `rows` is taken, or a node reads the logits already.
 */
export function selectRows(model: OnnxModel, head: Site | undefined): OnnxModel {
  const { graph } = model;
  requireGraphName("computed value", LOGITS, producers(model).keys());
  if (valueNames(model).has(SELECTED_ROWS))
    throw new SurgeryError(`rows: the graph already has a value "${SELECTED_ROWS}". Select rows once, or rename it.`);
  const reader = graph.node.find((node) => readNames(node).includes(LOGITS));
  if (reader)
    throw new SurgeryError(`rows: node "${reader.name}" reads the logits. Select rows before the loss is added.`);
  const fresh = freshNames(model);
  const [flat, chosen, all] = [`${SELECTED_ROWS}:flat`, `${SELECTED_ROWS}:chosen`, `${LOGITS}/all`].map(fresh);
  const select = (from: string, to: string) => [
    makeNode("Flatten", [from], [flat], { axis: -1 }, flat),
    makeNode("Gather", [flat, SELECTED_ROWS], [to], { axis: 0 }, chosen),
  ];
  const behind = head && rowByRow(model, head.input);
  const first = behind && graph.node.findIndex((node) => behind.has(node));
  const renamed = (names: string[], from: string, to: string) => names.map((name) => (name === from ? to : name));
  const node = graph.node.flatMap((each, i) => {
    if (!behind)
      return each.output.includes(LOGITS)
        ? [shallowCopy(each, { output: renamed(each.output, LOGITS, all) }), ...select(all, LOGITS)]
        : [each];
    const before = i === first ? select(head!.input, chosen) : [];
    return [
      ...before,
      behind.has(each) ? shallowCopy(each, { input: renamed(each.input, head!.input, chosen) }) : each,
    ];
  });
  const inside = new Set([...(behind ?? [])].flatMap((each) => each.output));
  return withGraph(model, {
    node,
    input: [...graph.input, makeValueInfo(SELECTED_ROWS, "int64", [SELECTED_ROWS])],
    output: graph.output.map((output) => {
      const { type, dims } = declared(output);
      return output.name === LOGITS ? makeValueInfo(LOGITS, type, dims && [SELECTED_ROWS, dims.at(-1)]) : output;
    }),
    valueInfo: graph.valueInfo.filter(({ name }) => name !== LOGITS && !inside.has(name)),
  });
}

// prettier-ignore
const ELEMENTWISE = new Set([
  "Abs", "Add", "Cast", "Clip", "Div", "Exp", "Identity", "Max", "Min", "Mul", "Neg", "Relu", "Sigmoid", "Sub", "Sum", "Tanh",
]);
/** Products of rows with a matrix: every input but the first belongs to the matrix. */
const PRODUCTS = new Set(["MatMul", "Gemm", "MatMulNBits"]);

/**
 * The nodes between a value x [.., in] and the logits, where each of them computes a row from the same row of x alone; undefined where
 * one does not, or where a value between them has other readers, who would see fewer rows.
 */
function rowByRow(model: OnnxModel, x: string): Set<NodeProto> | undefined {
  const made = producers(model);
  const facts = new ValueFacts(model);
  const inside = new Set<NodeProto>();
  const rowless = (name: string) => !name || (facts.rank(name) ?? 2) <= 1;
  const follows = (name: string): boolean => {
    if (name === x) return true;
    const node = made.get(name);
    if (!node) return false;
    if (inside.has(node)) return true;
    const product = PRODUCTS.has(node.opType) && isProduct(node, facts, rowless);
    if (!product && !(ELEMENTWISE.has(node.opType) && isStandard(node.domain))) return false;
    const rows = product ? [node.input[0]] : node.input.filter((input) => !rowless(input));
    if (rows.length === 0 || !rows.every(follows)) return false;
    inside.add(node);
    return true;
  };
  if (!follows(LOGITS)) return undefined;
  const hidden = new Set([...inside].flatMap((node) => node.output).filter((name) => name !== LOGITS));
  const seen =
    model.graph.output.some(({ name }) => hidden.has(name)) ||
    model.graph.node.some((node) => !inside.has(node) && readNames(node).some((name) => hidden.has(name)));
  return seen ? undefined : inside;
}

/** Whether a product multiplies rows by one matrix, and adds the same to each. */
function isProduct(node: NodeProto, facts: ValueFacts, rowless: (name: string) => boolean): boolean {
  if (node.opType === "MatMul") return facts.rank(node.input[1]) === 2;
  if (node.opType === "Gemm") return intAttribute(node, "transA", 0) === 0 && rowless(node.input[2] ?? "");
  return true;
}
