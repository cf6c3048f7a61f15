import type { ValueInfo } from "../runtime/worker-protocol.ts";
import { float32, int64, type Tensor } from "../tensor.ts";

/**
 * Inputs of a decoder for one whole sequence without a cache: embeddings, mask, positions and empty caches.
 *
 * Shapes: embeds [1, tokens, hidden]. Inputs that a graph does not declare are left out.
 */
export function sequenceFeeds(inputs: readonly ValueInfo[], embeds: Tensor<Float32Array>): Record<string, Tensor> {
  const tokens = embeds.dims[1];
  const feeds: Record<string, Tensor> = {};
  for (const { name, shape } of inputs) {
    if (name === "inputs_embeds") feeds[name] = embeds;
    else if (name === "attention_mask") feeds[name] = int64(new BigInt64Array(tokens).fill(1n), [1, tokens]);
    else if (name === "position_ids") feeds[name] = int64([...Array(tokens).keys()], [1, tokens]);
    else if (name.startsWith("past_key_values.")) {
      // [batch, heads, past, head size]; only batch and past are symbolic.
      const dims = shape.map((size, axis) => (typeof size === "number" && size >= 0 ? size : axis === 0 ? 1 : 0));
      feeds[name] = float32([], dims);
    }
  }
  return feeds;
}
