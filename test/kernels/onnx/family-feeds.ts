import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { feedInputs } from "../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../kernels/tensor.ts";

export const FAMILIES = "models/tiny-families";

/** Graphs of standard operators: family and file. */
export const PLAIN_GRAPHS = [
  ...["gemma2", "gemma3-text", "gpt2", "llama", "opt", "qwen2", "qwen3"].flatMap((family) => [
    [family, "model.onnx"],
    [family, "model_kv.onnx"],
  ]),
  ["bert", "model.onnx"],
  ["roberta", "model.onnx"],
  ["clip-vision", "model.onnx"],
  ["siglip-vision", "model.onnx"],
  ["vit", "model.onnx"],
];

/** Feeds of a case, `CASE/NAME` in the family's inputs, with the loss's own: the mean over labelled positions, or the cotangents of the outputs. */
export function familyFeeds(inputs: Map<string, Tensor>, name: string, model: OnnxModel): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const input of feedInputs(model)) {
    const tensor = inputs.get(`${name}/${input.name}`);
    if (tensor) feeds[input.name] = tensor;
  }
  const labels = inputs.get(`${name}/labels`);
  if (labels && feeds.labels) {
    const ids = Array.from(labels.data as BigInt64Array, Number);
    const count = ids.filter((id) => id !== -100).length;
    feeds.labels = { ...labels, data: BigInt64Array.from(ids, (id) => BigInt(Math.max(id, 0))) };
    feeds.loss_weights = {
      type: "float32",
      dims: labels.dims,
      data: Float32Array.from(ids, (id) => (id === -100 ? 0 : 1 / count)),
    };
  }
  return feeds;
}
