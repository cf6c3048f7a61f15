import type { NodeProto, TensorProto } from "onnx-buf";
import type { Tensor, TensorType } from "../../tensor.ts";
import { float32, int64 } from "../../tensor.ts";
import type { AttributeValue } from "../attributes.ts";
import { makeNode, makeTensor } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { stopGradient } from "../gradients/stop-gradient.ts";
import type { OnnxModel } from "../graph.ts";
import { opsetOf } from "../opset.ts";
import { readNames } from "../prune.ts";
import { reductionTakesAxesInput } from "../reduction-axes.ts";
import { freshNames } from "../values.ts";
import { toHalf } from "./half.ts";
import { ValueFacts } from "./value-facts.ts";

/** Emits the standard nodes of a lowering. Sizes that vary are read at run time, so that the result runs at any shape. */
export class LoweringBuilder {
  readonly facts: ValueFacts;
  readonly opset: number;
  readonly initializers: TensorProto[] = [];
  nodes: NodeProto[] = [];
  /** Name of the fused node; emitted nodes are named after it, so that profiles and errors can be read. */
  fusedNode = "";
  readonly #model: OnnxModel;
  readonly #fresh: (wish: string) => string;
  readonly #cache = new Map<string, string>();
  readonly #renamed = new Map<string, string>();
  readonly #replaced = new Map<NodeProto, () => void>();

  constructor(model: OnnxModel) {
    this.#model = model;
    this.facts = new ValueFacts(model);
    this.opset = opsetOf(model);
    this.#fresh = freshNames(model);
  }

  /** Emits one node; `output` names its result where a value of the model is to be made. */
  op(
    opType: string,
    inputs: readonly string[],
    attributes: Record<string, AttributeValue> = {},
    output: string | undefined = undefined,
  ): string {
    const result = output || this.#fresh(`lowered:${opType}`);
    this.nodes.push(makeNode(opType, inputs, [result], attributes, `${this.fusedNode}/${result}`));
    return result;
  }

  /** The same value, through which no gradient flows. */
  stopped(value: string): string {
    const result = this.op("Identity", [value]);
    stopGradient(this.nodes[this.nodes.length - 1]);
    return result;
  }

  /**
   * A float weight of the lowered model, made once however many nodes read it. `parts` tells apart what is made of the same integers
   * in another layout (a tied head and embedding) or with other scales.
   */
  weight = (name: string, parts: readonly (string | undefined)[], make: () => Tensor): string =>
    this.#once(`weight:${name}:${parts.join()}`, () => {
      this.initializers.push(makeTensor(this.#fresh(name), make()));
      return this.initializers[this.initializers.length - 1].name;
    });

  #once(key: string, make: () => string): string {
    let name = this.#cache.get(key);
    if (name === undefined) this.#cache.set(key, (name = make()));
    return name;
  }

  #constant = (key: string, tensor: Tensor): string =>
    this.#once(key, () => {
      const name = this.#fresh("lowered:constant");
      this.initializers.push(makeTensor(name, tensor));
      return name;
    });

  /** A constant int64 vector. */
  ints = (...values: number[]): string => this.#constant(`ints:${values.join()}`, int64(values, [values.length]));
  /** A constant int64 scalar. */
  int = (value: number): string => this.#constant(`int:${value}`, int64([value], []));

  /** A constant scalar of a float type. */
  scalar(value: number, type: TensorType): string {
    const tensor: Tensor =
      type === "float16"
        ? { type, dims: [], data: Uint16Array.of(toHalf(value)) }
        : type === "float64"
          ? { type, dims: [], data: Float64Array.of(value) }
          : float32([value], []);
    return this.#constant(`${type}:${value}`, tensor);
  }

  type = (name: string): TensorType => this.facts.type(name);
  cast = (value: string, type: TensorType): string => this.op("Cast", [value], { to: elementTypes[type] });
  add = (a: string, b: string, output?: string): string => this.op("Add", [a, b], {}, output);
  sub = (a: string, b: string, output?: string): string => this.op("Sub", [a, b], {}, output);
  mul = (a: string, b: string, output?: string): string => this.op("Mul", [a, b], {}, output);
  matMul = (a: string, b: string, output?: string): string => this.op("MatMul", [a, b], {}, output);
  transpose = (value: string, ...perm: number[]): string => this.op("Transpose", [value], { perm });
  /** 0 keeps the size of that axis, -1 takes what is left. */
  reshape = (value: string, ...dims: number[]): string => this.op("Reshape", [value, this.ints(...dims)]);
  unsqueeze = (value: string, ...axes: number[]): string => this.op("Unsqueeze", [value, this.ints(...axes)]);
  concat = (values: readonly string[], axis: number): string => this.op("Concat", values, { axis });
  identity = (value: string, output: string): string => this.op("Identity", [value], {}, output);

  /** Values from `start` to before `end` (int64 vectors of one element, or constants) along one axis. */
  slice(value: string, axis: number, start: number | string, end: number | string): string {
    const bound = (at: number | string) => (typeof at === "number" ? this.ints(at) : at);
    return this.op("Slice", [value, bound(start), bound(end), this.ints(axis)]);
  }

  /** Run-time size of one axis, int64 [1]. A negative axis counts from the end. */
  size(value: string, axis: number): string {
    const shape = this.op("Shape", [value]);
    return axis < 0
      ? this.slice(shape, 0, axis, axis === -1 ? 2 ** 31 - 1 : axis + 1)
      : this.slice(shape, 0, axis, axis + 1);
  }

  /** 0, 1, … below `size` (int64 [1]), int64 [size]. */
  range = (size: string): string =>
    this.op("Range", [this.int(0), this.op("Squeeze", [size, this.ints(0)]), this.int(1)]);

  /** Mean over the last axis, which is kept with size 1. */
  mean = (value: string): string =>
    reductionTakesAxesInput("ReduceMean", this.opset)
      ? this.op("ReduceMean", [value, this.ints(-1)], { keepdims: 1 })
      : this.op("ReduceMean", [value], { axes: [-1], keepdims: 1 });

  /** Nodes of the model that read a value. */
  readers = (value: string): NodeProto[] => this.#model.graph.node.filter((node) => node.input.includes(value));
  isOutput = (value: string): boolean => this.#model.graph.output.some((output) => output.name === value);

  /** From now on readers of `value` read `other`; a graph output, and what the body of a branch reads, keeps its name. */
  rename(value: string, other: string): void {
    const inBody = this.#model.graph.node.some(
      (node) => !node.input.includes(value) && readNames(node).includes(value),
    );
    if (inBody || this.isOutput(value)) this.identity(other, value);
    else this.#renamed.set(value, other);
  }
  renamed = (value: string): string => this.#renamed.get(value) ?? value;

  /** Emits something else in the place of a later node of the model. */
  replace = (node: NodeProto, emit: () => void): void => void this.#replaced.set(node, emit);
  replacement = (node: NodeProto): (() => void) | undefined => this.#replaced.get(node);
}
