import type { NodeProto } from "onnx-buf";
import { UserFacingError } from "../../errors.ts";
import { makeNode, makeValueInfo } from "../builder.ts";
import { isFloat } from "../element-type.ts";
import { withGraph } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { isStandard, opsetOf, raiseOpset } from "../opset.ts";
import { prune, readNames } from "../prune.ts";
import type { Trace } from "../trace.ts";
import { declared, requireGraphName, valueNames } from "../values.ts";
import { lastTwo } from "./exchanged-axes.ts";
import { GradientBuilder } from "./gradient-builder.ts";
import { gradientRules } from "./index.ts";
import type { RuleTable } from "./index.ts";
import { recogniseActivations } from "./recognise-activations.ts";
import type { ActivationGroup } from "./recognise-activations.ts";
import { Recomputation } from "./recomputation.ts";
import { MissingGradientRuleError, UnsupportedGradientError } from "./rule.ts";
import { stopsGradient } from "./stop-gradient.ts";

/** Cause: a gradient is asked for that does not exist, such as one of a value that the loss does not depend on. Handled by: the caller. */
export class GradientRequestError extends UserFacingError {}

export interface GradientRequest {
  /** A scalar value to differentiate. */
  loss?: string;
  /** Values to differentiate, each weighted by a new graph input `cotangent:<value>` of the same shape; adds to `loss` if both are given. */
  outputs?: readonly string[];
  /** Values to differentiate with respect to: graph inputs, weights, or anything in between. */
  targets: readonly string[];
  /** Trace of this very model (see trace). */
  trace: Trace;
  /** Outputs to keep beside the gradients. Default: the loss, if there is one. */
  keep?: readonly string[];
  /** Name of the output that carries a target's gradient. Default: `grad:<target>`. */
  name?: (target: string) => string;
  /** Rules to use instead of the standard ones. */
  rules?: RuleTable;
  /**
   * "layers": compute what lies between the boundaries of layers (of attention and MLP blocks, as found in the graph) again in the
   * backward pass instead of keeping it. Gradients are the same; the backward pass takes about one forward pass longer.
   */
  recompute?: "layers";
}

export const gradientName = (target: string): string => `grad:${target}`;
export const cotangentName = (output: string): string => `cotangent:${output}`;

/**
 * Reverse-mode differentiation: a model of standard operators that computes the kept outputs and, for every target, an output
 * `grad:<target>` of the target's shape and element type. Weights are shared with `model`; nodes that no output needs are dropped.
 *
 * The result runs at every shape the model runs at, whatever shape was traced. Operator set 16 at least, raised where that is safe.
 * To differentiate twice, trace the result and call again with the gradient among the `outputs` and another `name`.
 *
 * Throws: MissingGradientRuleError, UnsupportedGradientError, GradientRequestError, TraceError, OpsetError, UnknownGraphNameError.
 */
export function gradientGraph(model: OnnxModel, request: GradientRequest): OnnxModel {
  const raised = raiseOpset(model, 16);
  const { graph } = raised;
  const { trace, targets, outputs = [], name = gradientName } = request;
  const keep = request.keep ?? (request.loss === undefined ? [] : [request.loss]);
  checkRequest(raised, request);
  const g = new GradientBuilder(trace, opsetOf(raised), unusedPrefix(raised));
  noteTransposes(graph.node, g, trace);
  const gradients = walkBack(raised, { ...request, keep }, g);
  const results = targets.map((target) => {
    const gradient = gradients.get(target);
    if (gradient === undefined)
      throw new GradientRequestError(`target "${target}": the loss does not depend on it. Remove it from the targets.`);
    return makeNode("Identity", [gradient], [name(target)], {}, name(target));
  });
  const declaredOutputs = new Map(graph.output.map((output) => [output.name, output]));
  return prune(
    withGraph(raised, {
      node: [...g.withOptionalOutputs(graph.node), ...g.nodes, ...results],
      initializer: [...graph.initializer, ...g.initializers],
      input: [...graph.input, ...outputs.map((output) => cotangentInput(raised, output, trace))],
      output: [
        ...keep.map((kept) => declaredOutputs.get(kept) ?? makeValueInfo(kept)),
        ...targets.map((target) => makeValueInfo(name(target), trace.get(target)!.type)),
      ],
    }),
  );
}

/** Appends the backward nodes, from the last forward node to the first; returns the gradient of every value that has one. */
function walkBack(
  model: OnnxModel,
  request: GradientRequest & { keep: readonly string[] },
  g: GradientBuilder,
): Map<string, string> {
  const { node: nodes } = model.graph;
  const { trace, loss, targets, outputs = [], keep, rules = gradientRules } = request;
  const reach = reachableFrom(nodes, targets, trace, rules);
  const recomputation = request.recompute && new Recomputation(nodes, reach, targets);
  if (recomputation?.blocks === 0)
    throw new GradientRequestError(
      "recompute: the graph has no layers joined by a residual stream between the targets and the loss. Leave the option out.",
    );

  const gradients = new Map<string, string>();
  const accumulate = (value: string, gradient: string) => {
    const before = gradients.get(value);
    gradients.set(value, before === undefined ? gradient : g.accumulate(before, gradient));
  };
  if (loss !== undefined) accumulate(loss, g.onesLike(loss));
  for (const output of outputs) accumulate(output, cotangentName(output));

  // Other rules than the standard ones are there to be used, node by node.
  const activations = request.rules
    ? new Map<NodeProto, ActivationGroup>()
    : recogniseActivations(model, trace, [...targets, ...keep, ...outputs]);

  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!reach.nodes.has(node)) continue;
    const dys = node.output.map((output) => (reach.values.has(output) ? gradients.get(output) : undefined));
    if (dys.every((dy) => dy === undefined)) continue;
    const activation = activations.get(node);
    const reads = activation ? [activation.x] : node.input;
    const quantiser = reads.map((input) => reach.quantised.get(input)).find(Boolean);
    if (quantiser) throw new MissingGradientRuleError(quantiser);
    const name = recomputation?.names(i, g, gradients) ?? ((value: string) => value);
    const dxs = activation
      ? [throughActivation(activation, g, node, dys[0]!, name)]
      : through(node, g, rules, dys, name);
    reads.forEach((input, k) => {
      const dx = dxs[k];
      if (dx !== undefined && reach.values.has(input)) accumulate(input, dx);
    });
  }
  return gradients;
}

type Naming = (value: string) => string;

/** One gradient per input of a node, by the rule of its operator. */
function through(
  node: NodeProto,
  g: GradientBuilder,
  rules: RuleTable,
  dys: readonly (string | undefined)[],
  name: Naming,
): readonly (string | undefined)[] {
  const rule = ruleFor(node, rules);
  if (rule && "refused" in rule) throw new UnsupportedGradientError(node, rule.refused, rule.action);
  if (typeof rule !== "function") throw new MissingGradientRuleError(node);
  g.forwardNode = node.name || node.output[0];
  return rule({ g, node, x: node.input.map(name), y: node.output.map(name), dy: dys[0]!, dys });
}

/** The gradient of an activation's input, past all the nodes that an exporter wrote it out with; `node` is the last of them. */
function throughActivation(
  activation: ActivationGroup,
  g: GradientBuilder,
  node: NodeProto,
  dy: string,
  name: Naming,
): string {
  g.forwardNode = node.name || node.output[0];
  // As a rule of one operator would (see inSinglePrecision): its powers of x overflow half precision from 256 on.
  const half = g.type(activation.x) === "float16";
  const wide = (value: string) => (half ? g.widened(name(value)) : name(value));
  const wideDy = half ? g.cast(dy, "float32") : dy;
  const dx = activation.slope(g, wide(activation.x), wide(node.output[0]), wideDy);
  return half ? g.cast(dx, "float16") : dx;
}

/** Values that the model holds both ways, as keys are for the product with queries, need not be transposed again. */
function noteTransposes(nodes: readonly NodeProto[], g: GradientBuilder, trace: Trace): void {
  for (const { opType, domain, input, output, attribute } of nodes) {
    const rank = trace.get(input[0])?.dims.length ?? 0;
    const perm = attribute.find(({ name }) => name === "perm")?.ints.map(Number);
    if (opType === "Transpose" && isStandard(domain) && rank > 1 && perm?.join() === lastTwo(rank).join())
      g.exchanged.note(input[0], output[0]);
  }
}

const QUANTISERS = new Set(["DynamicQuantizeLinear", "QuantizeLinear"]);

const ruleFor = (node: NodeProto, rules: RuleTable) =>
  isStandard(node.domain) ? rules[node.opType as keyof RuleTable] : undefined;

/**
 * Float values that depend on a target, and the nodes between them. Integers that a quantiser made of such a value are noted with
 * it: a gradient that ended there unseen would be wrong, not zero.
 */
function reachableFrom(nodes: readonly NodeProto[], targets: readonly string[], trace: Trace, rules: RuleTable) {
  const values = new Set(targets);
  const quantised = new Map<string, NodeProto>();
  const between = new Set<NodeProto>();
  for (const node of nodes) {
    if (stopsGradient(node) || !readNames(node).some((name) => values.has(name) || quantised.has(name))) continue;
    const rule = ruleFor(node, rules);
    if (rule && "zero" in rule) continue;
    between.add(node);
    for (const output of node.output) {
      const traced = trace.get(output);
      if (traced && isFloat(traced.type)) values.add(output);
      else if (QUANTISERS.has(node.opType)) quantised.set(output, node);
      else {
        const maker = node.input.map((input) => quantised.get(input)).find(Boolean);
        if (maker) quantised.set(output, maker);
      }
    }
  }
  return { nodes: between, values, quantised };
}

function checkRequest(
  model: OnnxModel,
  { loss, outputs = [], targets, trace, keep = [], name: gradient = gradientName }: GradientRequest,
): void {
  const names = valueNames(model);
  if (loss === undefined && outputs.length === 0)
    throw new GradientRequestError("gradients: neither a loss nor outputs are named. Name what to differentiate.");
  if (targets.length === 0)
    throw new GradientRequestError(
      "gradients: no targets are named. Name the values to differentiate with respect to.",
    );
  for (const name of [...(loss === undefined ? [] : [loss]), ...outputs, ...targets, ...keep])
    requireGraphName("value", name, names);
  for (const name of [...(loss === undefined ? [] : [loss]), ...outputs, ...targets]) {
    const traced = trace.get(name);
    if (!traced)
      throw new GradientRequestError(
        `value "${name}": not in the trace. Trace the very graph that is differentiated, after all surgery.`,
      );
    if (!isFloat(traced.type))
      throw new GradientRequestError(`value "${name}": its type is ${traced.type}. Only float values have gradients.`);
  }
  const lossDims = loss === undefined ? [] : trace.get(loss)!.dims;
  if (lossDims.some((size) => size !== 1))
    throw new GradientRequestError(
      `loss "${loss}": its shape is [${lossDims.join(", ")}], not a scalar. Sum it, or name it among the outputs.`,
    );
  for (const name of [...targets.map(gradient), ...outputs.map(cotangentName)])
    if (names.has(name))
      throw new GradientRequestError(
        `"${name}": the graph already has a value of this name. Name the gradients differently (option name).`,
      );
}

/** New value names start with a prefix that none has yet, so that a gradient graph can be differentiated again. */
function unusedPrefix(model: OnnxModel): string {
  const names = [...valueNames(model)];
  for (let pass = 1; ; pass++) {
    const prefix = `backward${pass}:`;
    if (!names.some((name) => name.startsWith(prefix))) return prefix;
  }
}

function cotangentInput(model: OnnxModel, output: string, trace: Trace) {
  const info = model.graph.output.find((candidate) => candidate.name === output);
  const { type, dims } = trace.get(output)!;
  return makeValueInfo(cotangentName(output), type, (info && declared(info).dims) ?? dims.map(() => undefined));
}
