import { TensorProto_DataType as DataType } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import type { TensorType } from "../../tensor.ts";
import { elementTypes } from "../element-type.ts";
import { shallowCopy } from "../graph.ts";
import { tensorOf, WeightValuesError } from "../tensor-of.ts";
import { unpackBits, valuesOf } from "./unpack-bits.ts";
import type { Values } from "./unpack-bits.ts";

const NARROW: Partial<Record<number, { bytes: number; read: (bytes: Uint8Array) => Values }>> = {
  [DataType.UINT4]: { bytes: 0.5, read: (bytes) => unpackBits(bytes, 4) },
  [DataType.INT4]: { bytes: 0.5, read: (bytes) => signed(unpackBits(bytes, 4)) },
  [DataType.INT16]: { bytes: 2, read: (bytes) => valuesOf(new Int16Array(bytes.slice().buffer)) },
  [DataType.UINT16]: { bytes: 2, read: (bytes) => valuesOf(new Uint16Array(bytes.slice().buffer)) },
};

const signed =
  (values: Values): Values =>
  (i) =>
    (values(i) << 28) >> 28;

/**
 * Values of an integer weight of 4 to 32 bits, one number each whatever the packing.
 *
 * Throws: WeightValuesError for other element types and for values that cannot be read.
 */
export function integersOf(weight: TensorProto): Values {
  const narrow = NARROW[weight.dataType];
  if (narrow) {
    const count = weight.dims.reduce((product, dim) => product * Number(dim), 1);
    const bytes = BigInt(Math.ceil(count * narrow.bytes));
    // Read as plain bytes, wherever they lie; the typed list of such a tensor holds two bytes or one packed pair an entry.
    if (weight.int32Data.length) return narrow.read(fromList(weight, narrow.bytes));
    const packed = tensorOf(shallowCopy(weight, { dataType: DataType.UINT8, dims: [bytes] }));
    return narrow.read(packed.data as Uint8Array);
  }
  const { type, data } = tensorOf(weight);
  if (!(["uint8", "int8", "int32"] as TensorType[]).includes(type))
    throw new WeightValuesError(
      `weight "${weight.name}": its element type ${type} is not a quantised one (4 to 32 bit integers). Export the model again.`,
    );
  return valuesOf(data as Uint8Array | Int8Array | Int32Array);
}

const fromList = (weight: TensorProto, bytes: number): Uint8Array =>
  bytes === 2
    ? new Uint8Array(Int16Array.from(weight.int32Data).buffer)
    : Uint8Array.from(weight.int32Data, (pair) => pair & 255);

/** Bytes of a weight that packs its values itself, as uint8. */
export const packedBytes = (weight: TensorProto): Uint8Array => tensorOf(weight).data as Uint8Array;

/** Whether a weight holds floats. */
export const holdsFloats = (weight: TensorProto): boolean =>
  ([elementTypes.float32, elementTypes.float16, elementTypes.float64] as number[]).includes(weight.dataType);
