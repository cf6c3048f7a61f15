import { float32, int64 } from "../../../../tensor.ts";
import type { Tensor } from "../../../../tensor.ts";
import { PAIR_KINDS } from "../network/contrastive-graph.ts";
import { SPECIAL_TOKEN_IDS } from "../../tokenizer/special-tokens.ts";

const HIDDEN = -1e9;

/** Texts padded on the right, as `<name>_ids` and `<name>_mask` [texts, tokens]. */
export function textFeeds(name: string, texts: readonly (readonly number[])[]): Record<string, Tensor> {
  const tokens = Math.max(...texts.map((ids) => ids.length));
  const dims = [texts.length, tokens];
  const fill = (value: (ids: readonly number[], i: number) => number) =>
    int64(texts.flatMap((ids) => Array.from({ length: tokens }, (_, i) => value(ids, i))), dims); // prettier-ignore
  return {
    [`${name}_ids`]: fill((ids, i) => ids[i] ?? SPECIAL_TOKEN_IDS.pad),
    [`${name}_mask`]: fill((ids, i) => (i < ids.length ? 1 : 0)),
  };
}

/**
 * Row i belongs to row i, in both directions; rows with the same meaning are no negatives of each other. The loss is the sum over kinds of
 * pair of the mean over rows and directions.
 *
 * `meanings` of the rows, one list for each kind of pair.
 */
export function pairFeeds(meanings: readonly (readonly string[])[]): Record<string, Tensor> {
  const rows = meanings[0].length;
  const same = meanings.flatMap((kind) =>
    kind.flatMap((a, i) => kind.map((b, j) => (i !== j && a === b ? HIDDEN : 0))),
  );
  const directions = 2 * PAIR_KINDS.length;
  return {
    same: float32(same, [PAIR_KINDS.length, rows, rows]),
    labels: int64(Array.from({ length: directions * rows }, (_, i) => i % rows), [directions, rows]), // prettier-ignore
    loss_weights: float32(new Float32Array(directions * rows).fill(1 / (2 * rows)), [directions, rows]),
  };
}
