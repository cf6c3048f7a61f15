type NumberArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** How the numbers of a safetensors file are kept: bytes an element, and the array that holds them (bit patterns for 16-bit floats). */
export const ELEMENT_TYPES = {
  F64: { bytes: 8, array: Float64Array },
  I64: { bytes: 8, array: BigInt64Array },
  U64: { bytes: 8, array: BigUint64Array },
  F32: { bytes: 4, array: Float32Array },
  I32: { bytes: 4, array: Int32Array },
  U32: { bytes: 4, array: Uint32Array },
  F16: { bytes: 2, array: Uint16Array },
  BF16: { bytes: 2, array: Uint16Array },
  I16: { bytes: 2, array: Int16Array },
  U16: { bytes: 2, array: Uint16Array },
  I8: { bytes: 1, array: Int8Array },
  U8: { bytes: 1, array: Uint8Array },
  BOOL: { bytes: 1, array: Uint8Array },
} as const satisfies Record<string, { bytes: number; array: new (buffer: ArrayBuffer) => NumberArray }>;

export type ElementCode = keyof typeof ELEMENT_TYPES;

/** A tensor as the file holds it. Shapes: product(shape) equals data.length; little-endian, as every machine that Node runs models on. */
export interface StoredTensor {
  dtype: ElementCode;
  shape: readonly number[];
  data: NumberArray;
}
