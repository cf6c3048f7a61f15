import { random } from "../../../../kernels/random.ts";
import type { Tensor, TensorType } from "../../../../kernels/tensor.ts";
import type { AttributeValue } from "../../../../kernels/onnx/attributes.ts";
import type { DifferentiableOp } from "../../../../kernels/onnx/index.ts";

/** Changes of size, for running a graph at shapes that it was not traced with: size 2 becomes 3, and so on. */
export type Resize = Readonly<Record<number, number>>;

export type RuleInput =
  /** A float input to differentiate, drawn from [low, high] unless its values are given. */
  | { kind: "float"; dims: number[]; low: number; high: number; values?: number[] }
  /** A weight: the graph knows its values. */
  | { kind: "constant"; tensor: Tensor }
  /** Known at run time only. `sizes` marks values that are sizes and follow a resize. */
  | { kind: "fed"; tensor: Tensor; sizes: boolean; dims?: number[] }
  | { kind: "absent" };

/** One form of one operator. */
export interface RuleCase {
  op: DifferentiableOp;
  title: string;
  inputs: RuleInput[];
  attributes?: Record<string, AttributeValue>;
  /** Number of outputs. Default 1. */
  outputs?: number;
  /** Outputs that the loss depends on. Default: all. */
  used?: number[];
  /** Default 17. */
  opset?: number;
  /** float32 alone for operators without a float64 kernel. Default float64, and then float32 against it. */
  type?: "float64" | "float32";
  /** Resizes at which the emitted graph must hold too. Default: RESIZES. */
  resizes?: Resize[];
}

/** Other sizes, and the batch of one that a trace refuses but the emitted graph must run with. */
export const RESIZES: Resize[] = [{ 2: 3, 3: 5, 4: 2 }, { 2: 1 }];

export const x = (...dims: number[]): RuleInput => ({ kind: "float", dims, low: -1.5, high: 1.5 });
export const positive = (...dims: number[]): RuleInput => ({ kind: "float", dims, low: 0.5, high: 2 });
export const scalar = (value: number): RuleInput => ({ kind: "float", dims: [], low: 0, high: 0, values: [value] });
export const absent: RuleInput = { kind: "absent" };

const intTensor = (values: readonly number[], dims: readonly number[], type: "int64" | "int32"): Tensor => ({
  type,
  dims,
  data: type === "int64" ? BigInt64Array.from(values, BigInt) : Int32Array.from(values),
});
export const ints = (values: number[], dims = [values.length], type: "int64" | "int32" = "int64"): RuleInput => ({
  kind: "constant",
  tensor: intTensor(values, dims, type),
});
export const fedInts = (values: number[], dims = [values.length], type: "int64" | "int32" = "int64"): RuleInput => ({
  kind: "fed",
  tensor: intTensor(values, dims, type),
  sizes: false,
});
export const fedSizes = (...values: number[]): RuleInput => ({
  kind: "fed",
  tensor: intTensor(values, [values.length], "int64"),
  sizes: true,
});
/** An alternating truth mask of the given shape, resized with it. */
export const mask = (...dims: number[]): RuleInput => ({ kind: "fed", tensor: alternating(dims), sizes: false, dims });
export const flag = (value: boolean): RuleInput => ({
  kind: "constant",
  tensor: { type: "bool", dims: [], data: Uint8Array.of(value ? 1 : 0) },
});
export const floatConstant = (type: TensorType, value: number): RuleInput => ({
  kind: "constant",
  tensor: { type, dims: [], data: type === "float64" ? Float64Array.of(value) : Float32Array.of(value) },
});

function alternating(dims: readonly number[]): Tensor {
  return { type: "bool", dims, data: Uint8Array.from({ length: product(dims) }, (_, i) => (i % 3 === 0 ? 1 : 0)) };
}

export const product = (dims: readonly number[]): number => dims.reduce((total, size) => total * size, 1);

const resized = (dims: readonly number[], resize: Resize) => dims.map((size) => resize[size] ?? size);

/** The inputs of a case at its own or at changed sizes, in float64. Seeded: the same case gives the same numbers. */
export function caseFeeds(test: RuleCase, resize: Resize = {}): Record<string, Tensor> {
  const stream = random(7);
  const feeds: Record<string, Tensor> = {};
  test.inputs.forEach((input, i) => {
    if (input.kind === "float") {
      const dims = resized(input.dims, resize);
      const draw = () => input.low + ((input.high - input.low) * stream.below(1_000_003)) / 1_000_003;
      feeds[`x${i}`] = {
        type: "float64",
        dims,
        data: Float64Array.from(input.values ?? Array.from({ length: product(dims) }, draw)),
      };
    } else if (input.kind === "fed") {
      const { tensor } = input;
      if (input.dims) feeds[`x${i}`] = alternating(resized(input.dims, resize));
      else if (input.sizes)
        feeds[`x${i}`] = intTensor(
          resized(Array.from(tensor.data as Iterable<bigint>, Number), resize),
          tensor.dims,
          "int64",
        );
      else feeds[`x${i}`] = tensor;
    }
  });
  return feeds;
}
