import type { Tensor } from "../../tensor.ts";

/** How token vectors become one: their mean, or the vector of the first token. */
export type Pooling = "mean" | "first";

/** Outputs that hold a text, the best first: two that are pooled already [1, width], then values at every token [1, tokens, width]. */
export const VECTOR_OUTPUTS: readonly string[] = [
  "sentence_embedding",
  "text_embeds",
  "last_hidden_state",
  "token_embeddings",
];

/**
 * The vector of one text from an encoder's outputs, at length 1 (a vector of zeros stays as it is). No token is padding: texts are run one
 * by one. Shapes: see VECTOR_OUTPUTS; result [width].
 *
 * Source: Sentence-BERT (arXiv 1908.10084), section 3, for the mean.
 */
export function sentenceVector(outputs: Readonly<Record<string, Tensor>>, pooling: Pooling): Float32Array {
  const { dims, data } = outputs[VECTOR_OUTPUTS.find((name) => outputs[name])!];
  const width = dims[dims.length - 1];
  const rows = dims.length === 3 && pooling === "mean" ? dims[1] : 1;
  const sum = new Float64Array(width);
  for (let i = 0; i < rows * width; i++) sum[i % width] += data[i] as number;
  return unitLength(sum);
}

/** Scales a vector to length 1; one of zeros stays as it is. */
export function unitLength(vector: Float32Array | Float64Array): Float32Array {
  const length = Math.hypot(...vector) || 1;
  return Float32Array.from(vector, (value) => value / length);
}
