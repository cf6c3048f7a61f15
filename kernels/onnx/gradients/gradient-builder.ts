import type { NodeProto, TensorProto } from "onnx-buf";
import type { Tensor, TensorType } from "../../tensor.ts";
import { float32, int64 } from "../../tensor.ts";
import type { AttributeValue } from "../attributes.ts";
import { makeNode, makeTensor } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { reductionTakesAxesInput } from "../reduction-axes.ts";
import { TraceError } from "../trace.ts";
import type { Trace, TracedValue } from "../trace.ts";

/**
 * Appends nodes to a graph and knows what the trace knows about the forward values. Sizes that vary between runs are read at run
 * time with Shape nodes, so that a graph traced at one shape runs at any other.
 */
export class GradientBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  /** Name of the forward node whose rule runs; emitted nodes are named after it, so that profiles and errors can be read. */
  forwardNode = "";
  readonly opset: number;
  readonly #trace: Trace;
  readonly #prefix: string;
  readonly #cache = new Map<string, string>();
  #count = 0;

  /** `prefix` starts every new name; no value of the graph may start with it. */
  constructor(trace: Trace, opset: number, prefix: string) {
    this.#trace = trace;
    this.opset = opset;
    this.#prefix = prefix;
  }

  #value(name: string): TracedValue {
    const value = this.#trace.get(name);
    if (!value)
      throw new TraceError(
        `value "${name}": not in the trace. Trace the very graph that is differentiated, after all surgery.`,
      );
    return value;
  }

  /** The following four answer for forward values only. */
  type = (name: string): TensorType => this.#value(name).type;
  dims = (name: string): readonly number[] => this.#value(name).dims;
  rank = (name: string): number => this.#value(name).dims.length;
  /** Contents, where they are the same in every run. */
  constant = (name: string): readonly number[] | undefined => this.#value(name).constant;

  /** An axis of a forward value, counted from 0. */
  axis = (name: string, axis: number): number => (axis < 0 ? axis + this.rank(name) : axis);

  op(opType: string, inputs: readonly string[], attributes: Record<string, AttributeValue> = {}): string {
    return this.ops(opType, inputs, 1, attributes)[0];
  }

  ops(
    opType: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, AttributeValue> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => this.#fresh(opType));
    this.nodes.push(makeNode(opType, inputs, names, attributes, `${this.forwardNode}/${names[0]}`));
    return names;
  }

  #fresh = (what: string) => `${this.#prefix}${what}_${this.#count++}`;

  #once(key: string, make: () => string): string {
    let name = this.#cache.get(key);
    if (name === undefined) this.#cache.set(key, (name = make()));
    return name;
  }

  #initializer(tensor: Tensor): string {
    const name = this.#fresh("constant");
    this.initializers.push(makeTensor(name, tensor));
    return name;
  }

  /** A constant int64 vector. */
  ints = (values: readonly number[]): string =>
    this.#once(`ints:${values.join()}`, () => this.#initializer(int64([...values], [values.length])));

  /** A constant int64 scalar. */
  int = (value: number): string => this.#once(`int:${value}`, () => this.#initializer(int64([value], [])));

  /** A constant float32 vector. */
  floats = (values: readonly number[]): string =>
    this.#once(`floats:${values.join()}`, () => this.#initializer(float32([...values], [values.length])));

  /** A constant float scalar in the element type of the forward value `like`. */
  scalar(value: number, like: string): string {
    const type = this.type(like);
    return this.#once(`scalar:${type}:${value}`, () => {
      if (type === "float64") return this.#initializer({ type, dims: [], data: Float64Array.of(value) });
      const single = this.#initializer(float32([value], []));
      return type === "float32" ? single : this.cast(single, type);
    });
  }

  /** Run-time shape of a forward value, int64 [rank]. */
  shape = (name: string): string => this.#once(`shape:${name}`, () => this.op("Shape", [name]));

  /** Run-time sizes of some axes of a forward value, int64 [axes]. */
  sizes = (name: string, axes: readonly number[]): string =>
    this.#once(`sizes:${name}:${axes.join()}`, () => this.op("Gather", [this.shape(name), this.ints(axes)]));

  cast = (value: string, type: TensorType): string => this.op("Cast", [value], { to: elementTypes[type] });
  add = (a: string, b: string): string => this.op("Add", [a, b]);
  sub = (a: string, b: string): string => this.op("Sub", [a, b]);
  mul = (a: string, b: string): string => this.op("Mul", [a, b]);
  div = (a: string, b: string): string => this.op("Div", [a, b]);
  neg = (a: string): string => this.op("Neg", [a]);

  /** `value` where `mask` (bool) holds, else 0; `like` gives the element type. */
  only = (mask: string, value: string, like: string): string => this.op("Where", [mask, value, this.scalar(0, like)]);

  /** Sum over constant axes. */
  sum = (value: string, axes: readonly number[], keepdims: 0 | 1 = 1): string =>
    this.op("ReduceSum", [value, this.ints(axes)], { keepdims });

  /** Sum over everything, to a scalar. */
  total = (value: string): string => this.op("ReduceSum", [value], { keepdims: 0 });

  /** Mean over constant axes, which are kept with size 1. */
  mean = (value: string, axes: readonly number[]): string =>
    reductionTakesAxesInput("ReduceMean", this.opset)
      ? this.op("ReduceMean", [value, this.ints(axes)], { keepdims: 1 })
      : this.op("ReduceMean", [value], { axes, keepdims: 1 });

  // allowzero: a size of 0 (an empty cache) means 0, not "copy the size of that axis".
  reshapeLike = (value: string, like: string): string =>
    this.op("Reshape", [value, this.shape(like)], { allowzero: 1 });
  expandLike = (value: string, like: string): string => this.op("Expand", [value, this.shape(like)]);
  zerosLike = (like: string): string => this.expandLike(this.scalar(0, like), like);
  onesLike = (like: string): string => this.expandLike(this.scalar(1, like), like);

  /**
   * Undoes broadcasting: sums a gradient of the (traced) sizes `from` over the axes along which the forward value `x` was repeated.
   * Which axes those are is read from the trace, hence its rule that varying sizes are not 1.
   */
  unbroadcast(gradient: string, from: readonly number[], x: string): string {
    const dims = this.dims(x);
    const added = from.length - dims.length;
    const axes = from
      .map((_, axis) => axis)
      .filter((axis) => axis < added || (dims[axis - added] === 1 && from[axis] !== 1));
    const summed = axes.length ? this.sum(gradient, axes) : gradient;
    return added > 0 ? this.reshapeLike(summed, x) : summed;
  }
}
