import { float32, int64 } from "../../../tensor.ts";
import type { Tensor } from "../../../tensor.ts";
import { HEAD } from "./row.ts";
import type { Row } from "./row.ts";

const HIDDEN = -1e9;

/** Feeds of the language stage but for the images. The loss is the mean over all answer tokens of the batch. */
export function rowFeeds(rows: readonly Row[], bos: number): Record<string, Tensor> {
  const text = rows[0].ids.length;
  const all = HEAD + text;
  const mask = new Float32Array(rows.length * all * all).fill(HIDDEN);
  rows.forEach((row, b) => {
    for (let query = 0; query < all; query++) {
      const start = (b * all + query) * all;
      const at = query - HEAD;
      if (at < 0 || row.seesImage[at]) mask.fill(0, start, start + Math.min(query + 1, HEAD));
      if (at < 0) continue;
      // A padded token sees itself alone: a row of scores without any visible key would be 0 / 0.
      if (row.block[at] < 0) mask[start + query] = 0;
      for (let key = at; key >= 0 && row.block[key] === row.block[at] && row.block[at] >= 0; key--)
        mask[start + HEAD + key] = 0;
    }
  });
  const total = rows.reduce((sum, row) => sum + row.weights.reduce((a, b) => a + b, 0), 0);
  const list = (pick: (row: Row) => number[]) => rows.flatMap(pick);
  const head = Array.from({ length: HEAD }, (_, i) => i);
  return {
    input_ids: int64(list((row) => [bos, ...row.ids]), [rows.length, 1 + text]), // prettier-ignore
    attention_bias: float32(mask, [rows.length, 1, all, all]),
    position_ids: int64(list((row) => [...head, ...row.positions]), [rows.length, all]), // prettier-ignore
    labels: int64(list((row) => row.labels), [rows.length, text]), // prettier-ignore
    loss_weights: float32(list((row) => row.weights.map((weight) => weight / total)), [rows.length, text]), // prettier-ignore
  };
}
