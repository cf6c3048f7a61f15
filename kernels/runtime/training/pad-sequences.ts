import { float32, int64 } from "../../tensor.ts";
import type { Tensor } from "../../tensor.ts";

/**
 * Feeds for next-token training on sequences of different lengths: padded on the right, with padding masked in the attention and
 * weightless in the loss. The loss is the mean over all predicted tokens of the batch, in nats.
 *
 * Shapes: all results [batch, longest - 1]; row i predicts token t + 1 from tokens up to t.
 */
export function padSequences(sequences: readonly (readonly number[])[], padding = 0): Record<string, Tensor> {
  const length = Math.max(...sequences.map((ids) => ids.length)) - 1;
  const dims = [sequences.length, length];
  const count = sequences.reduce((sum, ids) => sum + ids.length - 1, 0);
  const fill = (value: (ids: readonly number[], t: number) => number) =>
    sequences.flatMap((ids) => Array.from({ length }, (_, t) => value(ids, t)));
  const real = (ids: readonly number[], t: number) => t < ids.length - 1;
  return {
    input_ids: int64(fill((ids, t) => (real(ids, t) ? ids[t] : padding)), dims), // prettier-ignore
    attention_mask: int64(fill((ids, t) => (real(ids, t) ? 1 : 0)), dims), // prettier-ignore
    position_ids: int64(fill((_, t) => t), dims), // prettier-ignore
    labels: int64(fill((ids, t) => (real(ids, t) ? ids[t + 1] : padding)), dims), // prettier-ignore
    loss_weights: float32(fill((ids, t) => (real(ids, t) ? 1 / count : 0)), dims), // prettier-ignore
  };
}
