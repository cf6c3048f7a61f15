/** Element types that medke's graphs use, by their ONNX Runtime names. */
export type TensorType = "float32" | "float16" | "int64" | "int32" | "bool" | "uint8" | "int8" | "float64";

export type TensorData =
  Float32Array | Float64Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array | Int8Array;

/** A dense tensor on the CPU, row-major. Plain data: it can be posted to a worker, hashed and saved. */
export interface Tensor<T extends TensorData = TensorData> {
  type: TensorType;
  dims: readonly number[];
  data: T;
}

/** Shapes: product(dims) equals data.length. */
export const float32 = (data: Float32Array | number[], dims: readonly number[]): Tensor<Float32Array> => ({
  type: "float32",
  dims,
  data: data instanceof Float32Array ? data : Float32Array.from(data),
});

/** Float32 zeros. */
export const zeros = (dims: readonly number[]): Tensor<Float32Array> =>
  float32(new Float32Array(dims.reduce((product, size) => product * size, 1)), dims);

export const int64 = (data: BigInt64Array | number[], dims: readonly number[]): Tensor<BigInt64Array> => ({
  type: "int64",
  dims,
  data: data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt),
});
