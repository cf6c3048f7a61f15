import { Tensor as HubTensor } from "@huggingface/transformers";
import { Tensor as OrtTensor } from "onnxruntime-node";
import { int64, type Tensor, type TensorData } from "../tensor.ts";

/** A tensor in the form that transformers.js computes with; the numbers are shared, not copied. */
export const toHub = ({ type, data, dims }: Tensor): HubTensor =>
  new HubTensor(new OrtTensor(type as "float32", data as Float32Array, dims) as never);

export const fromHub = ({ type, data, dims }: HubTensor): Tensor => ({
  type: type as Tensor["type"],
  dims,
  data: data as TensorData,
});

/** Ids of one sequence, and its mask: both [1, tokens]. */
export const idsToHub = (ids: readonly number[]) => ({
  input_ids: toHub(int64([...ids], [1, ids.length])),
  attention_mask: toHub(int64(new BigInt64Array(ids.length).fill(1n), [1, ids.length])),
});
