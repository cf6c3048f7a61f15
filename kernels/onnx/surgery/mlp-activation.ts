import type { NodeProto } from "onnx-buf";
import { elementCount } from "../element-count.ts";
import { shallowCopy } from "../graph.ts";
import type { OnnxModel } from "../graph.ts";
import { dataInputs, GraphView } from "../sites/graph-view.ts";
import { findSites } from "../sites.ts";
import type { Site } from "../sites.ts";
import { SurgeryError } from "./site-node.ts";

/**
 * Writes an activation function once more, behind `value`. The nodes read constants of the model that they were copied from and belong
 * behind that layer's own activation; `output` is `value` itself where the layer has none.
 */
export type ActivationCopy = (value: string, fresh: (wish: string) => string) => { nodes: NodeProto[]; output: string };

const modules = (...names: string[]) => new Set(names.map((name) => `mlp.${name}`));
const FIRST = modules("gate_proj", "up_proj", "gate_up_proj", "fc1", "c_fc");
const LAST = modules("down_proj", "fc2", "c_proj");

/**
 * The activation function of a layer's MLP, read off the graph: the nodes between its first projection and its last, without the bias
 * of the first. Of a gated MLP act(x·G) ⊙ (x·U) it is act: what the other projection gives counts as 1.
 *
 * Throws: SurgeryError where the layer has no such MLP, or its activation cannot be told or is fused with other steps.
 */
export function mlpActivation(model: OnnxModel, layer: number): ActivationCopy {
  const inLayer = findSites(model).filter((site) => site.layer === layer && site.kind === "projection");
  const first = inLayer.filter(({ role }) => FIRST.has(role));
  const last = inLayer.filter(({ role }) => LAST.has(role));
  if (first.length === 0 || last.length !== 1)
    throw new SurgeryError(
      `layer ${layer}: no MLP with one last projection was found. Choose another layer, or lower(model) first.`,
    );
  const view = new GraphView(model);
  const end = last[0].input;
  const readings = first.flatMap((site) => startsOf(view, site)).flatMap((start) => reading(view, start, end) ?? []);
  const active = readings.filter(({ nodes }) => nodes.length > 0);
  if (active.length > 1 || readings.length === 0)
    throw new SurgeryError(
      `layer ${layer}: ${readings.length ? "more than one" : "none"} of ${first.map(({ id }) => id).join(" and ")} is activated on the way to ${last[0].id}. Choose another layer.`,
    );
  const { start, nodes, standsFor } = active[0] ?? readings[0];
  return (value, fresh) => {
    const names = new Map([[start, value]]);
    const copied = (name: string) => names.get(standsFor.get(name) ?? name) ?? name;
    const copies = nodes.map((node) => {
      const output = fresh(`${node.output[0]}/again`);
      const copy = shallowCopy(node, { name: output, input: node.input.map(copied), output: [output] });
      names.set(node.output[0], output);
      return copy;
    });
    return { nodes: copies, output: copied(end) };
  };
}

/** Where an activation may begin: behind the projection's bias; where gate and factor are one projection, at either half. */
function startsOf(view: GraphView, { output, role }: Site): string[] {
  const start = behindTerms(view, output);
  if (role !== "mlp.gate_up_proj") return [start];
  const halves = view.readers(start).filter(({ opType }) => opType === "Split" || opType === "Slice");
  return halves.flatMap((node) => node.output.filter(Boolean));
}

/** A projection's result with its bias, side inputs and replaced rows. What an activation adds to its argument is a single number. */
function behindTerms(view: GraphView, output: string): string {
  const [reader, ...others] = view.readers(output);
  if (!reader || others.length > 0) return output;
  const adds = reader.opType === "Add" && reader.input.every((input) => input === output || !isNumber(view, input));
  return adds || reader.opType === "Where" ? behindTerms(view, reader.output[0]) : output;
}

interface Reading {
  start: string;
  /** What is computed on the way to the end, in graph order. */
  nodes: NodeProto[];
  /** Values that were passed over, to the start or the output of one of the nodes. */
  standsFor: Map<string, string>;
}

// prettier-ignore
const STEPS = new Set([
  "Abs", "Add", "And", "Cast", "Celu", "Clip", "Div", "Elu", "Equal", "Erf", "Exp", "FastGelu", "Gelu", "Greater", "GreaterOrEqual",
  "HardSigmoid", "HardSwish", "LeakyRelu", "Less", "LessOrEqual", "Log", "Max", "Min", "Mish", "Mul", "Neg", "Not", "Or", "PRelu", "Pow",
  "QuickGelu", "Reciprocal", "Relu", "Selu", "Sigmoid", "Sign", "Softplus", "Softsign", "Sqrt", "Sub", "Sum", "Swish", "Tanh",
  "ThresholdedRelu", "Where",
]);
/** An activation does not see the form in which tokens are laid out. */
const PASSED_OVER = new Set(["Flatten", "Identity", "Reshape", "Squeeze", "Unsqueeze"]);

/** What happens element by element between two values; undefined where the one does not depend on the other. */
function reading(view: GraphView, start: string, end: string): Reading | undefined {
  const moving = new Set([start]);
  for (const node of view.nodes)
    if (dataInputs(node).some((input) => moving.has(input)))
      for (const output of node.output) if (output) moving.add(output);
  if (!moving.has(end)) return undefined;
  const nodes: NodeProto[] = [];
  const standsFor = new Map<string, string>();
  const visit = (value: string): string => {
    const known = value === start ? start : standsFor.get(value);
    if (known !== undefined) return known;
    const node = view.made.get(value)!;
    const moved = node.input.filter((input) => moving.has(input));
    const others = node.input.filter((input) => input && !moving.has(input));
    const passed = PASSED_OVER.has(node.opType) || isGating(view, node, moved, others);
    moved.forEach(visit);
    if (!passed) {
      if (!STEPS.has(node.opType) || !others.every((other) => isNumber(view, other)))
        throw new SurgeryError(
          `node "${node.name || value}" (${node.opType}): it is no step of an activation function that can be copied. Rewrite the model with lower(model) first, or choose another layer.`,
        );
      nodes.push(node);
    }
    standsFor.set(value, passed ? visit(moved[0]) : value);
    return standsFor.get(value)!;
  };
  visit(end);
  return { start, nodes, standsFor };
}

/** A product with what another projection gives. */
const isGating = (view: GraphView, { opType }: NodeProto, moved: readonly string[], others: readonly string[]) =>
  opType === "Mul" && moved.length === 1 && others.length === 1 && !view.isConstant(others[0]);

/** Whether a value is a single number, the same in every run. */
function isNumber(view: GraphView, name: string): boolean {
  const constant = view.constants.get(name);
  if (constant) return elementCount(constant.dims) === 1;
  return view.isConstant(name) && view.made.get(name)!.input.every((input) => !input || isNumber(view, input));
}
