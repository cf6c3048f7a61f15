import type { TensorProto } from "onnx-buf";
import type { Tensor, TensorType } from "../../tensor.ts";
import { tensorOf } from "../tensor-of.ts";
import { fromHalf, toHalf } from "./half.ts";

/** Values of a float weight as numbers. */
export function floatsOf(weight: TensorProto): Float32Array | Float64Array {
  const { type, data } = tensorOf(weight);
  return type === "float16" ? Float32Array.from(data as Uint16Array, fromHalf) : (data as Float32Array);
}

/** A float weight of `count` values computed one by one. */
export function makeFloats(type: TensorType, dims: readonly number[], value: (i: number) => number): Tensor {
  const length = dims.reduce((product, size) => product * size, 1);
  const data =
    type === "float16"
      ? new Uint16Array(length)
      : type === "float64"
        ? new Float64Array(length)
        : new Float32Array(length);
  for (let i = 0; i < length; i++) data[i] = type === "float16" ? toHalf(value(i)) : value(i);
  return { type, dims, data };
}
