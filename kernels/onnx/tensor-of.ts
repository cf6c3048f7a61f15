import { TensorProto_DataLocation } from "onnx-buf";
import type { TensorProto } from "onnx-buf";
import { UserFacingError } from "../errors.ts";
import type { Tensor, TensorData } from "../tensor.ts";
import { tensorType } from "./element-type.ts";

/** Cause: the values of a weight are asked for that lie in another file, or have a type medke does not compute with. Handled by: the caller. */
export class WeightValuesError extends UserFacingError {}

/**
 * The values of a weight or constant, copied out of the file image (whose `rawData` may be a view at any byte offset).
 *
 * Throws: WeightValuesError for external data and for element types outside kernels/tensor.ts.
 */
export function tensorOf(proto: TensorProto): Tensor {
  const type = tensorType(proto.dataType);
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL)
    throw new WeightValuesError(
      `weight "${proto.name}": its values lie in another file. Load a model with its weights inside to read them.`,
    );
  if (!type)
    throw new WeightValuesError(
      `weight "${proto.name}": element type ${proto.dataType} cannot be read. Convert the model to float32.`,
    );
  const dims = proto.dims.map(Number);
  const raw = proto.rawData.length > 0 || proto.dims.includes(0n);
  const bytes = () => Uint8Array.from(proto.rawData).buffer;
  const data = ((): TensorData => {
    switch (type) {
      case "float32":
        return raw ? new Float32Array(bytes()) : Float32Array.from(proto.floatData);
      case "float64":
        return raw ? new Float64Array(bytes()) : Float64Array.from(proto.doubleData);
      case "float16":
        return raw ? new Uint16Array(bytes()) : Uint16Array.from(proto.int32Data);
      case "int64":
        return raw ? new BigInt64Array(bytes()) : BigInt64Array.from(proto.int64Data);
      case "int32":
        return raw ? new Int32Array(bytes()) : Int32Array.from(proto.int32Data);
      case "int8":
        return raw ? new Int8Array(bytes()) : Int8Array.from(proto.int32Data);
      case "uint8":
      case "bool":
        return raw ? new Uint8Array(bytes()) : Uint8Array.from(proto.int32Data);
    }
  })();
  return { type, dims, data };
}
