import { TensorProto_DataType as DataType } from "onnx-buf";
import type { TensorType } from "../tensor.ts";

/** ONNX's number for each element type that medke's graphs compute with. */
export const elementTypes = {
  float32: DataType.FLOAT,
  uint8: DataType.UINT8,
  int8: DataType.INT8,
  int32: DataType.INT32,
  int64: DataType.INT64,
  bool: DataType.BOOL,
  float16: DataType.FLOAT16,
  float64: DataType.DOUBLE,
} satisfies Record<TensorType, DataType>;

const names = new Map<number, TensorType>(
  Object.entries(elementTypes).map(([name, number]) => [number, name as TensorType]),
);

/** Name of an ONNX element type; undefined for types that medke does not compute with (strings, 4-bit, 8-bit floats). */
export const tensorType = (dataType: number): TensorType | undefined => names.get(dataType);

/** Whether gradients can be carried in this type. */
export const isFloat = (type: TensorType): boolean => type === "float32" || type === "float64" || type === "float16";

const bits: Partial<Record<DataType, number>> = {
  [DataType.FLOAT]: 32,
  [DataType.UINT8]: 8,
  [DataType.INT8]: 8,
  [DataType.UINT16]: 16,
  [DataType.INT16]: 16,
  [DataType.INT32]: 32,
  [DataType.INT64]: 64,
  [DataType.BOOL]: 8,
  [DataType.FLOAT16]: 16,
  [DataType.DOUBLE]: 64,
  [DataType.UINT32]: 32,
  [DataType.UINT64]: 64,
  [DataType.COMPLEX64]: 64,
  [DataType.COMPLEX128]: 128,
  [DataType.BFLOAT16]: 16,
  [DataType.FLOAT8E4M3FN]: 8,
  [DataType.FLOAT8E4M3FNUZ]: 8,
  [DataType.FLOAT8E5M2]: 8,
  [DataType.FLOAT8E5M2FNUZ]: 8,
  [DataType.UINT4]: 4,
  [DataType.INT4]: 4,
};

/** Bytes that `elements` values occupy in rawData; undefined for strings and types without a fixed size known here. */
export const byteLength = (dataType: number, elements: number): number | undefined => {
  const width = bits[dataType as DataType];
  return width === undefined ? undefined : Math.ceil((elements * width) / 8);
};
