import { Tensor as OrtTensor } from "onnxruntime-node";
import type { Tensor, TensorData } from "../tensor.ts";

/**
 * A tensor in the form that ONNX Runtime reads; the numbers are shared, not copied.
 *
 * Half precision stays bits in a Uint16Array: where there is a Float16Array (Node 24) onnxruntime-common 1.30 puts them into one, which its
 * engine then takes for empty ("not enough space").
 */
export function toOrt({ type, data, dims }: Tensor): OrtTensor {
  const tensor = new OrtTensor(type as "float32", data as Float32Array, dims);
  if (type === "float16") (tensor as unknown as { cpuData: Uint16Array }).cpuData = bitsOf(tensor.data);
  return tensor;
}

/** A tensor of ONNX Runtime as plain data; half precision as bits, whatever array it came in. */
export const fromOrt = ({ type, dims, data }: Pick<OrtTensor, "type" | "dims" | "data">): Tensor => ({
  type: type as Tensor["type"],
  dims: [...dims],
  data: type === "float16" ? bitsOf(data) : (data as TensorData),
});

const bitsOf = (data: OrtTensor["data"]): Uint16Array => {
  const { buffer, byteOffset, length } = data as Uint16Array;
  return data.constructor === Uint16Array ? (data as Uint16Array) : new Uint16Array(buffer, byteOffset, length);
};
