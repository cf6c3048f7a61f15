import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { TensorProto } from "onnx-buf";
import { everyTensor } from "./every-tensor.ts";
import type { OnnxModel } from "./graph.ts";
import { mapTensors } from "./map-tensors.ts";
import { externalTensor } from "./session-source.ts";

/** Smaller weights stay in the graph: shapes, axes and scalars must be readable there, and a page holds 4096 bytes anyway. */
const SMALLEST = 4096;
/** ONNX Runtime maps ranges; a range that starts on a page (64 kB on Windows) is mapped without a copy. */
const ALIGNMENT = 65536;

/** Bytes of weights that lie inside the graph file. */
export function internalBytes(model: OnnxModel): number {
  let total = 0;
  for (const tensor of everyTensor(model)) total += tensor.rawData.length;
  return total;
}

/**
 * Moves the large weights of a model into one new data file, so that several graphs over them share one mapped copy.
 *
 * Writes `name` in `folder`, which the caller owns and removes. The model given stays as it is.
 */
export function externalise(model: OnnxModel, folder: string, name: string): OnnxModel {
  const file = join(folder, name);
  const handle = openSync(file, "wx", 0o600);
  let end = 0;
  const written = new Map<TensorProto, TensorProto>();
  const move = (tensor: TensorProto): TensorProto => {
    const { length } = tensor.rawData;
    if (length < SMALLEST) return tensor;
    const offset = Math.ceil(end / ALIGNMENT) * ALIGNMENT;
    for (let done = 0; done < length;)
      done += writeSync(handle, tensor.rawData, done, Math.min(length - done, 1 << 28), offset + done);
    end = offset + length;
    return externalTensor(tensor, name, { file, offset, length });
  };
  try {
    return mapTensors(model, (tensor) => {
      const moved = written.get(tensor) ?? move(tensor);
      written.set(tensor, moved);
      return moved;
    });
  } finally {
    closeSync(handle);
  }
}
