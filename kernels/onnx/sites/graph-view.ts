import type { NodeProto, TensorProto } from "onnx-buf";
import type { OnnxModel } from "../graph.ts";
import { initializerMap, producers } from "../values.ts";

// Operators whose later inputs say how to read the first one (shapes, axes, indices, scales) and carry no activation.
const FIRST_INPUT_ONLY = new Set([
  ...[
    "Cast",
    "CastLike",
    "Clip",
    "DequantizeLinear",
    "Dropout",
    "DynamicQuantizeLinear",
    "Expand",
    "Flatten",
    "Gather",
  ],
  ...["GatherElements", "GatherND", "Identity", "LayerNormalization", "Pad", "Pow", "QuantizeLinear", "ReduceL2"],
  ...["ReduceMax", "ReduceMean", "ReduceSum", "Reshape", "RMSNormalization", "RotaryEmbedding"],
  ...["SimplifiedLayerNormalization", "Slice", "Split", "Squeeze", "Tile", "Transpose", "Unsqueeze"],
]);
/** Operators that give the numbers of their first input again, in another shape or type. */
export const SAME_CONTENT = new Set([
  "Cast",
  "Clip",
  "Expand",
  "Flatten",
  "Identity",
  "Reshape",
  "Squeeze",
  "Transpose",
  "Unsqueeze",
]);
const NO_DATA = new Set(["Constant", "ConstantOfShape", "Range", "Shape", "Size"]);

/** Inputs through which activations flow into a node; shape arithmetic and masks of truth values are left out. */
export function dataInputs(node: NodeProto): string[] {
  if (NO_DATA.has(node.opType)) return [];
  if (FIRST_INPUT_ONLY.has(node.opType)) return node.input.slice(0, 1);
  if (node.opType === "Where") return node.input.slice(1, 3);
  return node.input.filter(Boolean);
}

/** A graph with the indices that a search by structure needs. Bodies of If and Loop are not looked into. */
export class GraphView {
  readonly nodes: readonly NodeProto[];
  /** Weights by name, and the contents of Constant nodes by the value that they make. */
  readonly constants: ReadonlyMap<string, TensorProto>;
  readonly made: ReadonlyMap<string, NodeProto>;
  readonly inputs: ReadonlySet<string>;
  readonly outputs: ReadonlySet<string>;
  readonly #readers = new Map<string, NodeProto[]>();
  readonly #position = new Map<NodeProto, number>();
  readonly #fixed = new Map<string, boolean>();

  constructor(model: OnnxModel) {
    const { graph } = model;
    this.nodes = graph.node;
    this.made = producers(model);
    const constants = initializerMap(model);
    graph.node.forEach((node, i) => {
      this.#position.set(node, i);
      const value = node.opType === "Constant" && node.attribute.find((attribute) => attribute.name === "value")?.t;
      if (value) constants.set(node.output[0], value);
      for (const input of new Set(dataInputs(node))) {
        const readers = this.#readers.get(input);
        if (readers) readers.push(node);
        else this.#readers.set(input, [node]);
      }
    });
    this.constants = constants;
    this.inputs = new Set(graph.input.map((input) => input.name).filter((name) => !constants.has(name)));
    this.outputs = new Set(graph.output.map((output) => output.name));
  }

  /** Nodes that take a value as data (see dataInputs). */
  readers = (value: string): readonly NodeProto[] => this.#readers.get(value) ?? [];

  position = (node: NodeProto): number => this.#position.get(node)!;

  /** Whether a value is the same in every run. */
  isConstant(value: string): boolean {
    if (this.constants.has(value)) return true;
    const known = this.#fixed.get(value);
    if (known !== undefined) return known;
    const maker = this.made.get(value);
    // An operator without inputs may draw random numbers; only Constant is fixed.
    const fixed =
      !!maker &&
      (maker.opType === "Constant" ||
        (maker.input.length > 0 && maker.input.every((input) => !input || this.isConstant(input))));
    this.#fixed.set(value, fixed);
    return fixed;
  }

  /** Nodes that a value is computed from through activations, all of them or up to those where `stop` holds (which are included). */
  ancestors(values: readonly string[], stop: (node: NodeProto) => boolean = () => false): Set<NodeProto> {
    const found = new Set<NodeProto>();
    const open = [...values];
    for (let value = open.pop(); value !== undefined; value = open.pop()) {
      const maker = this.made.get(value);
      if (!maker || found.has(maker)) continue;
      found.add(maker);
      if (!stop(maker)) open.push(...dataInputs(maker));
    }
    return found;
  }

  /** Nodes that a value flows into, in graph order, up to those where `stop` holds (which are included). */
  descendants(value: string, stop: (node: NodeProto) => boolean): NodeProto[] {
    const found = new Set<NodeProto>();
    const open = [value];
    for (let next = open.pop(); next !== undefined; next = open.pop())
      for (const reader of this.readers(next)) {
        if (found.has(reader)) continue;
        found.add(reader);
        if (!stop(reader)) open.push(...reader.output.filter(Boolean));
      }
    return [...found].sort((a, b) => this.position(a) - this.position(b));
  }
}
