import type { TensorProto } from "onnx-buf";
import { UserFacingError } from "../errors.ts";
import type { Tensor, TensorData } from "../tensor.ts";
import { tensorType } from "./element-type.ts";
import { externalRange, isExternal, readExternal } from "./external-data.ts";

/** Cause: the values of a weight are asked for that lie in an absent file, or have a type medke does not compute with. Handled by: the caller. */
export class WeightValuesError extends UserFacingError {}

/**
 * The values of a weight or constant, copied out of the file image (whose `rawData` may be a view at any byte offset) or, for an
 * external weight, read from its data file.
 *
 * Throws: WeightValuesError for weights whose data file is unknown and for element types outside kernels/tensor.ts;
 * ExternalDataError when the data file can no longer be read.
 */
export function tensorOf(proto: TensorProto): Tensor {
  const type = tensorType(proto.dataType);
  const range = externalRange(proto);
  if (isExternal(proto) && !range)
    throw new WeightValuesError(
      `weight "${proto.name}": its values lie in another file, which was not found. Put it beside the model and read the model from its folder.`,
    );
  if (!type)
    throw new WeightValuesError(
      `weight "${proto.name}": element type ${proto.dataType} cannot be read. Convert the model to float32.`,
    );
  const dims = proto.dims.map(Number);
  const raw = range !== undefined || proto.rawData.length > 0 || proto.dims.includes(0n);
  const bytes = () => (range ? readExternal(range, proto.name) : Uint8Array.from(proto.rawData)).buffer;
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
