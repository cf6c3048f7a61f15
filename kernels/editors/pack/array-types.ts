import type { ElementCode, StoredTensor } from "../../runtime/safetensors/element-types.ts";
import type { Tensor, TensorType } from "../../tensor.ts";

/** How a file keeps each type of tensor. */
export const TENSOR_CODES: Record<TensorType, ElementCode> = {
  float32: "F32",
  float16: "F16",
  int64: "I64",
  int32: "I32",
  bool: "BOOL",
  uint8: "U8",
  int8: "I8",
  float64: "F64",
};

/** How a file keeps an array that stands outside a tensor, by the array's own class. */
const ARRAY_CODES: Readonly<Record<string, ElementCode>> = {
  Float64Array: "F64",
  Float32Array: "F32",
  BigInt64Array: "I64",
  BigUint64Array: "U64",
  Int32Array: "I32",
  Uint32Array: "U32",
  Int16Array: "I16",
  Uint16Array: "U16",
  Int8Array: "I8",
  Uint8Array: "U8",
};

/** The code of a bare array; undefined for a class that would not come back as it was. */
export const arrayCode = (value: ArrayBufferView): ElementCode | undefined => ARRAY_CODES[value.constructor.name];

/** Whether a bare array may come back from this code. */
export const isArrayCode = (code: ElementCode) => Object.values(ARRAY_CODES).includes(code);

/** The tensor that a file keeps; undefined for numbers that no tensor of medke has. */
export function tensorOf({ dtype, shape, data }: StoredTensor): Tensor | undefined {
  const type = (Object.keys(TENSOR_CODES) as TensorType[]).find((each) => TENSOR_CODES[each] === dtype);
  return type && { type, dims: shape, data: data as Tensor["data"] };
}

/** Whether a value is a tensor and nothing besides. */
export function isTensor(value: object): value is Tensor {
  const { type, dims, data } = value as Partial<Tensor>;
  const named = typeof type === "string" && Object.hasOwn(TENSOR_CODES, type) && Object.keys(value).length === 3;
  return named && Array.isArray(dims) && ArrayBuffer.isView(data);
}
