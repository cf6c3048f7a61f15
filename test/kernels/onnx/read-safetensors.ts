import { readFileSync } from "node:fs";
import type { Tensor, TensorData, TensorType } from "../../../kernels/tensor.ts";

const kinds: Record<string, [TensorType, (bytes: ArrayBuffer) => TensorData]> = {
  F32: ["float32", (bytes) => new Float32Array(bytes)],
  F64: ["float64", (bytes) => new Float64Array(bytes)],
  I64: ["int64", (bytes) => new BigInt64Array(bytes)],
  I32: ["int32", (bytes) => new Int32Array(bytes)],
  BOOL: ["bool", (bytes) => new Uint8Array(bytes)],
};

/** All tensors of a small safetensors file, by name. */
export function readSafetensors(path: string): Map<string, Tensor> {
  const file = Uint8Array.from(readFileSync(path)).buffer;
  const headerLength = Number(new DataView(file).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, headerLength))) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const tensors = new Map<string, Tensor>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const [type, view] = kinds[entry.dtype];
    const [from, to] = entry.data_offsets;
    tensors.set(name, {
      type,
      dims: entry.shape,
      data: view(file.slice(8 + headerLength + from, 8 + headerLength + to)),
    });
  }
  return tensors;
}
