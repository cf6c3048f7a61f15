import type { NodeProto, TensorProto } from "onnx-buf";
import type { Tensor, TensorType } from "../../tensor.ts";
import { float32, int64 } from "../../tensor.ts";
import type { AttributeValue } from "../attributes.ts";
import { makeNode, makeTensor } from "../builder.ts";
import { elementTypes } from "../element-type.ts";
import { shallowCopy } from "../graph.ts";
import { ExchangedAxes } from "./exchanged-axes.ts";
import { toHalf } from "../lowering/half.ts";
import { reductionTakesAxesInput } from "../reduction-axes.ts";
import { TraceError } from "../trace.ts";
import type { Trace, TracedValue } from "../trace.ts";

/**
 * Appends nodes to a graph and knows what the trace knows about the forward values. Sizes that vary between runs are read at run
 * time with Shape nodes, so that a graph traced at one shape runs at any other.
 */
export class GradientBuilder {
  readonly nodes: NodeProto[] = [];
  /** Products, and values with the last two axes exchanged. */
  readonly exchanged = new ExchangedAxes((opType, inputs, attributes) => this.op(opType, inputs, attributes));
  readonly initializers: TensorProto[] = [];
  /** Name of the forward node whose rule runs; emitted nodes are named after it, so that profiles and errors can be read. */
  forwardNode = "";
  readonly opset: number;
  readonly #trace: Trace;
  readonly #prefix: string;
  readonly #cache = new Map<string, string>();
  /** Emitted nodes that another emission may take the place of, by output: scatters into zeros, and repeats of a smaller value. */
  readonly #scatters = new Map<string, NodeProto>();
  readonly #repeats = new Map<string, { value: string; like: string }>();
  readonly #zeros = new Set<string>();
  /** Forward nodes with outputs that the model has no use for, to all their outputs. */
  readonly #outputs = new Map<NodeProto, string[]>();
  /** Copies of forward values to the values they are copies of. */
  readonly #copies = new Map<string, string>();
  /** float32 copies of half-precision values, to the values themselves. */
  readonly #widened = new Map<string, string>();
  #count = 0;

  /** `prefix` starts every new name; no value of the graph may start with it. */
  constructor(trace: Trace, opset: number, prefix: string) {
    this.#trace = trace;
    this.opset = opset;
    this.#prefix = prefix;
  }

  #value(name: string): TracedValue {
    const value = this.#trace.get(this.#copies.get(name) ?? name);
    if (!value)
      throw new TraceError(
        `value "${name}": not in the trace. Trace the very graph that is differentiated, after all surgery.`,
      );
    return value;
  }

  /** The following four answer for forward values only. */
  type = (name: string): TensorType => (this.#widened.has(name) ? "float32" : this.#value(name).type);
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
    const node = makeNode(opType, inputs, names, attributes, `${this.forwardNode}/${names[0]}`);
    this.nodes.push(node);
    if (opType === "Expand" && this.#zeros.has(inputs[0])) this.#zeros.add(names[0]);
    if (opType.startsWith("Scatter") && this.#zeros.has(inputs[0])) this.#scatters.set(names[0], node);
    return names;
  }

  /** An optional output of a forward node, which the node gets if the model leaves it out. */
  optionalOutput(node: NodeProto, index: number): string {
    const outputs = this.#outputs.get(node) ?? [...node.output];
    this.#outputs.set(node, outputs);
    while (outputs.length <= index) outputs.push("");
    return (outputs[index] ||= this.#fresh(node.opType));
  }

  /** The forward nodes, with the outputs that rules asked for. */
  withOptionalOutputs = (nodes: readonly NodeProto[]): NodeProto[] =>
    nodes.map((node) => {
      const output = this.#outputs.get(node);
      return output ? shallowCopy(node, { output }) : node;
    });

  /** Emits a forward node once more, reading the values of `renamed`, and adds its outputs there. Rules may use them like the originals. */
  repeat(node: NodeProto, renamed: Map<string, string>): void {
    const outputs = node.output.map((output) => output && this.#fresh(`again:${node.opType}`));
    node.output.forEach((output, i) => {
      if (!output) return;
      this.#copies.set(outputs[i], output);
      renamed.set(output, outputs[i]);
    });
    const input = node.input.map((name) => renamed.get(name) ?? name);
    this.nodes.push(shallowCopy(node, { input, output: outputs, name: `${node.name || node.output[0]}/again` }));
  }

  /**
   * A copy of a forward value that no run can make before the gradients `waits` (of the element type of `like`) are there. Neither a
   * sum with zero nor an Identity would do: the one is wrong beside infinities, the other is optimised away.
   */
  after(value: string, waits: readonly string[], like: string): string {
    const first = (gradient: string) =>
      this.op("Slice", [this.op("Reshape", [gradient, this.ints([-1])]), this.ints([0]), this.ints([1])]);
    const sum = this.total(this.op("Concat", waits.map(first), { axis: 0 }));
    const positive = this.op("Greater", [sum, this.scalar(0, like)]);
    const never = this.op("And", [positive, this.op("Not", [positive])]);
    const copy = this.op("Where", [never, this.scalar(0, value), value]);
    this.#copies.set(copy, value);
    return copy;
  }

  /** A forward value in float32. Rules may use it like the original; sizes are read from that, which needs no copy. */
  widened(name: string): string {
    return this.#once(`widened:${name}`, () => {
      const copy = this.cast(name, "float32");
      this.#copies.set(copy, this.#copies.get(name) ?? name);
      this.#widened.set(copy, name);
      return copy;
    });
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
      const note = (name: string) => {
        if (value === 0) this.#zeros.add(name);
        return name;
      };
      if (type === "float64") return note(this.#initializer({ type, dims: [], data: Float64Array.of(value) }));
      if (type === "float16") return note(this.#initializer({ type, dims: [], data: Uint16Array.of(toHalf(value)) }));
      return note(this.#initializer(float32([value], [])));
    });
  }

  /** Run-time shape of a forward value, int64 [rank]. */
  shape = (name: string): string =>
    this.#once(`shape:${this.#widened.get(name) ?? name}`, () => this.op("Shape", [this.#widened.get(name) ?? name]));

  /** Run-time sizes of some axes of a forward value, int64 [axes]. */
  sizes = (name: string, axes: readonly number[]): string =>
    this.#once(`sizes:${name}:${axes.join()}`, () => this.op("Gather", [this.shape(name), this.ints(axes)]));

  cast = (value: string, type: TensorType): string => this.op("Cast", [value], { to: elementTypes[type] });
  add = (a: string, b: string): string => this.op("Add", [a, b]);
  sub = (a: string, b: string): string => this.op("Sub", [a, b]);
  /** A factor that was repeated to the other's shape is used as it was: Mul repeats by itself, without a copy. */
  mul(a: string, b: string): string {
    const small = (value: string, other: string) => {
      const repeat = this.#repeats.get(value);
      const same =
        repeat && this.#trace.get(this.#copies.get(other) ?? other)?.dims.join() === this.dims(repeat.like).join();
      return same ? repeat.value : value;
    };
    return this.op("Mul", small(a, b) !== a ? [small(a, b), b] : [a, small(b, a)]);
  }
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
  expandLike(value: string, like: string): string {
    const name = this.op("Expand", [value, this.shape(like)]);
    this.#repeats.set(name, { value, like });
    return name;
  }
  zerosLike = (like: string): string => this.expandLike(this.scalar(0, like), like);
  onesLike = (like: string): string => this.expandLike(this.scalar(1, like), like);

  /** Sum of two gradients of one value. What was scattered into zeros is scattered into the other gradient instead. */
  accumulate(a: string, b: string): string {
    for (const [scattered, other] of [
      [b, a],
      [a, b],
    ]) {
      const node = this.#scatters.get(scattered);
      if (!node) continue;
      const name = this.#fresh(node.opType);
      const input = [other, ...node.input.slice(1)];
      this.nodes.push(shallowCopy(node, { input, output: [name], name: `${this.forwardNode}/${name}` }));
      return name;
    }
    return this.add(a, b);
  }

  /**
   * Sum over the axes before `axis`; those from `axis` on are laid out as one.
   * Written as a product with ones: ONNX Runtime's ReduceSum over leading axes takes three to ten times as long.
   */
  #sumRows(value: string, axis: number, type: TensorType): string {
    const rows = this.op("Flatten", [value], { axis });
    const ones = this.op("ConstantOfShape", [this.op("Shape", [rows], { end: 1 })], {
      value: makeTensor("", type === "float64" ? { type, dims: [1], data: Float64Array.of(1) } : float32([1], [1])),
    });
    return this.op("MatMul", [ones, rows]);
  }

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
    if (axes.length === 0) return gradient;
    // The sum of a bias over all tokens: half precision would stop counting small terms beside a large sum.
    if (this.type(x) === "float16")
      return this.cast(this.unbroadcast(this.cast(gradient, "float32"), from, this.widened(x)), "float16");
    const leading = axes.length < from.length && axes.every((axis, i) => axis === i);
    if (!leading) return added > 0 ? this.reshapeLike(this.sum(gradient, axes), x) : this.sum(gradient, axes);
    const summed = this.#sumRows(gradient, axes.length, this.type(x));
    return dims.length === 1 ? summed : this.reshapeLike(summed, x);
  }
}
