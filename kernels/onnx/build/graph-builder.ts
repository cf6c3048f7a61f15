import type { TensorType } from "../../tensor.ts";
import { elementTypes } from "../element-type.ts";
import { reductionTakesAxesInput } from "../reduction-axes.ts";
import { broadcast } from "./broadcast.ts";
import { GraphCore } from "./graph-core.ts";
import { ShapeError, showDims, showValue } from "./value.ts";
import type { Dim, Float, Value } from "./value.ts";

type Operand = Float | number;

/**
 * Builds an ONNX model operator by operator, with every shape known by name and checked at once.
 *
 * Example:
 *   const g = new GraphBuilder({ seed: 1 });
 *   const x = g.input("x", "float32", ["batch", 4]);
 *   g.output("y", g.relu(linear(g, "fc1", x, 8)));
 *   const { model, parameters } = g.finish();
 *
 * Throws: ShapeError where shapes do not fit, with both shapes and the operator.
 */
export class GraphBuilder extends GraphCore {
  #operand = (x: Operand): Float => (typeof x === "number" ? this.scalar(x) : x);

  #binary(opType: string, a: Operand, b: Operand): Float {
    const [left, right] = [this.#operand(a), this.#operand(b)];
    return this.node(opType, [left, right], "float32", broadcast(left.dims, right.dims, opType));
  }
  #unary = (opType: string, x: Float): Float => this.node(opType, [x], "float32", x.dims);

  add = (a: Operand, b: Operand): Float => this.#binary("Add", a, b);
  sub = (a: Operand, b: Operand): Float => this.#binary("Sub", a, b);
  mul = (a: Operand, b: Operand): Float => this.#binary("Mul", a, b);
  div = (a: Operand, b: Operand): Float => this.#binary("Div", a, b);
  pow = (a: Operand, b: Operand): Float => this.#binary("Pow", a, b);
  neg = (x: Float): Float => this.#unary("Neg", x);
  exp = (x: Float): Float => this.#unary("Exp", x);
  log = (x: Float): Float => this.#unary("Log", x);
  sqrt = (x: Float): Float => this.#unary("Sqrt", x);
  reciprocal = (x: Float): Float => this.#unary("Reciprocal", x);
  tanh = (x: Float): Float => this.#unary("Tanh", x);
  sigmoid = (x: Float): Float => this.#unary("Sigmoid", x);
  relu = (x: Float): Float => this.#unary("Relu", x);
  erf = (x: Float): Float => this.#unary("Erf", x);
  sin = (x: Float): Float => this.#unary("Sin", x);
  cos = (x: Float): Float => this.#unary("Cos", x);
  softmax = (x: Float, axis = -1): Float => this.node("Softmax", [x], "float32", x.dims, { axis });

  /** An axis counted from 0. */
  axis(x: Value, axis: number): number {
    const at = axis < 0 ? axis + x.dims.length : axis;
    if (at < 0 || at >= x.dims.length)
      throw new ShapeError(`axis ${axis}: ${showValue(x)} has ${x.dims.length} axes. Name one of them.`);
    return at;
  }

  /** A size that must be fixed, such as the last axis of what a linear layer reads. */
  fixed(x: Value, axis: number, what: string): number {
    const size = x.dims[this.axis(x, axis)];
    if (typeof size === "number") return size;
    throw new ShapeError(`${what}: axis ${axis} of ${showValue(x)} varies. Give it a fixed size.`);
  }

  /** Matrix product over the last two axes; leading axes broadcast. [.., n, k] × [.., k, m] */
  matMul(a: Float, b: Float): Float {
    const [inner, rows] = [a.dims.at(-1), b.dims.at(-2)];
    if (a.dims.length < 2 || b.dims.length < 2 || inner !== rows)
      throw new ShapeError(
        `MatMul: ${showValue(a)} × ${showValue(b)}: the last axis of the first must equal the last but one of the second.`,
      );
    const leading = broadcast(a.dims.slice(0, -2), b.dims.slice(0, -2), "MatMul, leading axes");
    return this.node("MatMul", [a, b], "float32", [...leading, a.dims.at(-2)!, b.dims.at(-1)!]);
  }

  transpose(x: Float, perm: readonly number[]): Float {
    if ([...perm].sort((a, b) => a - b).join() !== [...x.dims.keys()].join())
      throw new ShapeError(
        `Transpose: [${perm.join(", ")}] does not order the axes of ${showValue(x)}. Name each axis once.`,
      );
    return this.node("Transpose", [x], "float32", perm.map((axis) => x.dims[axis]), { perm }); // prettier-ignore
  }

  /** New sizes for the same values. A varying axis stays in place under its name; one new varying axis may take what is left. */
  reshape(x: Float, dims: readonly Dim[]): Float {
    const target = dims.map((dim, i) => (typeof dim === "number" ? dim : dim === x.dims[i] ? 0 : -1));
    const product = (list: readonly Dim[]) =>
      list.reduce<number>((n, dim) => (typeof dim === "number" ? n * dim : n), 1);
    const same = (list: readonly Dim[]) => list.filter((dim) => typeof dim === "string").join();
    const free = target.filter((size) => size === -1).length;
    if (free > 1 || (free === 0 && (product(dims) !== product(x.dims) || same(dims) !== same(x.dims))))
      throw new ShapeError(`Reshape: ${showValue(x)} does not fit ${showDims(dims)}. Keep the number of values.`);
    return this.node("Reshape", [x, this.ints(target)], "float32", dims);
  }

  concat(parts: readonly Float[], axis: number): Float {
    const at = this.axis(parts[0], axis);
    const sizes = parts.map((part) => part.dims[at]);
    const total = sizes.every((size) => typeof size === "number")
      ? sizes.reduce((sum, size) => sum + size, 0)
      : sizes.join(" + ");
    const others = (part: Value) => showDims(part.dims.filter((_, i) => i !== at));
    const odd = parts.find((part) => others(part) !== others(parts[0]));
    if (odd)
      throw new ShapeError(
        `Concat on axis ${axis}: ${showValue(odd)} does not fit ${showValue(parts[0])}. All other axes must be equal.`,
      );
    return this.node("Concat", parts, "float32", parts[0].dims.map((dim, i) => (i === at ? total : dim)), { axis: at }); // prettier-ignore
  }

  /** Consecutive pieces of one axis; `sizes` add up to it. */
  split(x: Float, axis: number, sizes: readonly number[]): Float[] {
    const at = this.axis(x, axis);
    if (sizes.reduce((sum, size) => sum + size, 0) !== x.dims[at])
      throw new ShapeError(
        `Split: sizes ${showDims(sizes)} on axis ${axis} of ${showValue(x)}. They must add up to it.`,
      );
    const shapes = sizes.map((size) => x.dims.map((dim, i) => (i === at ? size : dim)));
    return this.nodes("Split", [x, this.ints(sizes)], "float32", shapes, { axis: at });
  }

  /** Positions [from, to) of one axis of fixed size. */
  slice(x: Float, axis: number, from: number, to: number): Float {
    const at = this.axis(x, axis);
    const size = x.dims[at];
    if (from < 0 || to <= from || (typeof size === "number" && to > size))
      throw new ShapeError(`Slice: ${from} to ${to} on axis ${axis} of ${showValue(x)}. Stay within the axis.`);
    const dims = x.dims.map((dim, i) => (i === at ? to - from : dim));
    return this.node("Slice", [x, this.ints([from]), this.ints([to]), this.ints([at])], "float32", dims);
  }

  unsqueeze<T extends TensorType>(x: Value<T>, axis: number): Value<T> {
    const dims: Dim[] = [...x.dims];
    dims.splice(axis < 0 ? axis + dims.length + 1 : axis, 0, 1);
    return this.node("Unsqueeze", [x, this.ints([axis])], x.type, dims);
  }

  /** Rows of `table` [rows, width]. Shapes: result is the shape of `ids` with the width behind it. */
  gather = (table: Float, ids: Value<"int64">): Float =>
    this.node("Gather", [table, ids], "float32", [...ids.dims, ...table.dims.slice(1)], { axis: 0 });

  /** Repeats axes of size 1. */
  expand = (x: Float, shape: Value<"int64">, dims: readonly Dim[]): Float =>
    this.node("Expand", [x, shape], "float32", dims);

  #reduce(opType: string, x: Float, axis: number, keepdims: 0 | 1): Float {
    const at = this.axis(x, axis);
    const dims = keepdims ? x.dims.map((dim, i) => (i === at ? 1 : dim)) : x.dims.filter((_, i) => i !== at);
    return reductionTakesAxesInput(opType, this.opset)
      ? this.node(opType, [x, this.ints([at])], "float32", dims, { keepdims })
      : this.node(opType, [x], "float32", dims, { axes: [at], keepdims });
  }
  mean = (x: Float, axis: number, keepdims: 0 | 1 = 1): Float => this.#reduce("ReduceMean", x, axis, keepdims);
  sum = (x: Float, axis: number, keepdims: 0 | 1 = 1): Float => this.#reduce("ReduceSum", x, axis, keepdims);
  /** Sum of all values, a scalar. */
  total = (x: Float): Float => this.node("ReduceSum", [x], "float32", [], { keepdims: 0 });

  cast = <T extends TensorType>(x: Value, type: T): Value<T> =>
    this.node("Cast", [x], type, x.dims, { to: elementTypes[type] });
  /** Run-time sizes of some axes, int64 [axes]. */
  sizes = (x: Value, axes: readonly number[]): Value<"int64"> =>
    this.node("Gather", [this.node("Shape", [x], "int64", [x.dims.length]), this.ints(axes)], "int64", [axes.length], { axis: 0 }); // prettier-ignore
  /** `a` where `mask` holds, else `b`. */
  where(mask: Value<"bool">, a: Operand, b: Operand): Float {
    const [left, right] = [this.#operand(a), this.#operand(b)];
    const dims = broadcast(mask.dims, broadcast(left.dims, right.dims, "Where"), "Where");
    return this.node("Where", [mask, left, right], "float32", dims);
  }
}
