import type { ValueInfo } from "../runtime/worker-protocol.ts";
import { type ModelFolder, ModelFolderError } from "./model-folder.ts";
import { float32, int64, type Tensor } from "../tensor.ts";

/** The input by which newer exports are told how many of the last rows get logits; 0 means all. transformers.js feeds it in a generation. */
export const ROWS_INPUT = "num_logits_to_keep";

/** Throws: ModelFolderError for a decoder that needs more than embeddings, mask, positions and a cache. */
export function requireKnownInputs({ path }: ModelFolder, inputs: readonly ValueInfo[]): void {
  const known = ({ name, shape }: ValueInfo) =>
    ["inputs_embeds", "attention_mask"].includes(name) ||
    (name === "position_ids" && shape.length === 2) ||
    (name === ROWS_INPUT && shape.length === 0) ||
    name.startsWith("past_key_values.");
  const odd = inputs.find((input) => !known(input));
  if (odd)
    throw new ModelFolderError(
      path,
      `onnx/decoder_model_merged.onnx has an input "${odd.name}" [${odd.shape}] that medke cannot fill`,
      "medke takes decoders of inputs_embeds, attention_mask, position_ids [batch, tokens], num_logits_to_keep and past_key_values. Export the model so, or take another.",
    );
}

/**
 * Inputs of a decoder for whole sequences without a cache: embeddings, mask, positions and empty caches.
 *
 * Shapes: embeds [batch, tokens, hidden]. Inputs that a graph does not declare are left out.
 */
export function sequenceFeeds(inputs: readonly ValueInfo[], embeds: Tensor<Float32Array>): Record<string, Tensor> {
  const [batch, tokens] = embeds.dims;
  const everywhere = (value: (token: number) => bigint) =>
    int64(
      BigInt64Array.from({ length: batch * tokens }, (_, i) => value(i % tokens)),
      [batch, tokens],
    );
  const feeds: Record<string, Tensor> = {};
  for (const { name, type, shape } of inputs) {
    if (name === "inputs_embeds") feeds[name] = embeds;
    else if (name === "attention_mask") feeds[name] = everywhere(() => 1n);
    else if (name === "position_ids") feeds[name] = everywhere(BigInt);
    else if (name === ROWS_INPUT) feeds[name] = int64([0], []);
    else if (name.startsWith("past_key_values.")) {
      // [batch, heads, past, head size]; only batch and past are symbolic.
      const dims = shape.map((size, axis) => (typeof size === "number" && size >= 0 ? size : axis === 0 ? batch : 0));
      feeds[name] = type === "float16" ? { type, dims, data: new Uint16Array() } : float32([], dims);
    }
  }
  return feeds;
}

/** Of some feeds those that a session declares: a graph that was pruned takes fewer. */
export function feedsOf(
  { inputs }: { inputs: readonly ValueInfo[] },
  feeds: Record<string, Tensor>,
): Record<string, Tensor> {
  const names = new Set(inputs.map(({ name }) => name));
  return Object.fromEntries(Object.entries(feeds).filter(([name]) => names.has(name)));
}
