import type { NodeProto } from "onnx-buf";
import type { Tensor } from "../../tensor.ts";
import { LARGEST_CONSTANT, RANDOM } from "../constant-values.ts";
import { tensorType } from "../element-type.ts";
import { fusedOp } from "../lowering/fused-op.ts";
import type { ExampleShape } from "../example-feeds.ts";
import { externalRange, isExternal } from "../external-data.ts";
import type { OnnxModel } from "../graph.ts";
import { numbersOf } from "../numbers-of.ts";
import { opsetOf } from "../opset.ts";
import { tensorOf } from "../tensor-of.ts";
import { checkFeeds } from "../trace.ts";
import type { Trace, TracedValue } from "../trace.ts";
import { fusedShapeRules } from "./fused-shape-rules.ts";
import { elements, LARGEST_CONTENTS } from "./inferred-value.ts";
import type { InferredValue } from "./inferred-value.ts";
import { ShapeCall } from "./shape-call.ts";
import type { ShapeRule } from "./shape-call.ts";
import { ShapeInferenceError } from "./shape-inference-error.ts";
import { shapeRules } from "./shape-rules.ts";

/**
 * The trace of a graph without running it: types and sizes follow from the operators, at the sizes of the examples (see
 * exampleShapes and exampleFeeds). Weights are never read beyond small constants, so that a model of any size, or one without its weight files, can be
 * differentiated. Contents of shapes, axes and positions are followed; a size that depends on other contents is refused.
 *
 * Example: gradientGraph(model, { loss, targets, trace: inferTrace(model, exampleShapes(model, sizes)) })
 * Throws: TraceError for feeds as trace does; ShapeInferenceError, naming operator and node.
 */
export function inferTrace(model: OnnxModel, feeds: Record<string, ExampleShape>): Trace {
  checkFeeds(model, feeds);
  const { graph } = model;
  const values = new Map<string, InferredValue>();
  const fixed = new Set<string>();
  const inputs = new Set(graph.input.map((input) => input.name));
  for (const tensor of graph.initializer) {
    const type = tensorType(tensor.dataType);
    const replaceable = inputs.has(tensor.name);
    if (!replaceable) fixed.add(tensor.name);
    if (!type) continue;
    const dims = tensor.dims.map(Number);
    const readable = !isExternal(tensor) || externalRange(tensor) !== undefined;
    const read = readable && !replaceable && elements(dims) <= LARGEST_CONTENTS;
    values.set(tensor.name, { type, dims, contents: read ? numbersOf(tensorOf(tensor)) : undefined });
  }
  for (const [name, feed] of Object.entries(feeds)) {
    const whole = feed.type === "int64" || feed.type === "int32" || feed.type === "bool";
    const read = whole && feed.data && elements(feed.dims) <= LARGEST_CONTENTS;
    values.set(name, { type: feed.type, dims: feed.dims, contents: read ? numbersOf(feed as Tensor) : undefined });
  }
  const opset = opsetOf(model);
  for (const node of graph.node) {
    const results = inferNode(node, opset, values);
    const constant = !RANDOM.has(node.opType) && node.input.every((input) => !input || fixed.has(input));
    node.output.forEach((output, i) => {
      if (!output) return;
      if (constant) fixed.add(output);
      values.set(output, results[i] ?? new ShapeCall(node, opset, []).fail(`its output ${i} has no shape rule`));
    });
  }
  const trace = new Map<string, TracedValue>();
  for (const [name, { type, dims, contents }] of values) {
    const known = fixed.has(name) && contents && contents.length <= LARGEST_CONSTANT;
    trace.set(name, { type, dims, constant: known ? contents : undefined });
  }
  return trace;
}

function inferNode(node: NodeProto, opset: number, values: ReadonlyMap<string, InferredValue>) {
  const rules: Readonly<Record<string, ShapeRule>> = isStandard(node) ? shapeRules : fusedShapeRules;
  const rule = Object.hasOwn(rules, node.opType) ? rules[node.opType] : fusedRule(node);
  if (!rule) {
    const body = node.attribute.some((attribute) => attribute.g);
    const action = body
      ? "Replace it by the branch that applies (resolveIf), or trace the graph by running it (trace)"
      : "Lower fused operators first, or trace the graph by running it (trace)";
    throw new ShapeInferenceError(node, "no shape rule for this operator", action);
  }
  return rule(new ShapeCall(node, opset, node.input.map((input) => (input ? values.get(input) : undefined)))); // prettier-ignore
}

const isStandard = (node: NodeProto) => node.domain === "" || node.domain === "ai.onnx";

/** Some exporters write fused operators in the standard domain. */
const fusedRule = (node: NodeProto): ShapeRule | undefined => {
  const op = fusedOp(node);
  return op && fusedShapeRules[op];
};
