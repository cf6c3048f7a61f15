import { IMAGE_TOKENS, PHANTOM } from "../../../../../kernels/models/phantom/config.ts";
import { pairFeeds, textFeeds } from "../../../../../kernels/models/phantom/retrieval/training/contrastive-feeds.ts";
import { DENSE_CLASSES } from "../../../../../kernels/models/phantom/training/dense-targets.ts";
import type { Tensor } from "../../../../../kernels/tensor.ts";
import { seededValues } from "../../../onnx/seeded-values.ts";

export const VOCABULARY = 24;
export const TEXTS = {
  question: [[6, 7, 8], [9, 10], [11, 12, 13, 14]],
  paraphrase: [[8, 7], [10, 9, 15, 16, 17], [14]],
  caption: [[18, 19, 20], [21, 22, 23, 6], [7, 18]],
}; // prettier-ignore
/** Of the three captions, the last two mean the same. */
export const MEANINGS = [
  ["a", "b", "c"],
  ["x", "y", "y"],
  ["x", "y", "y"],
];

/** A batch of three rows with random pictures. */
export function tinyBatch(): Record<string, Tensor> {
  const pixels = (seed: number) => seededValues("float32", [3, 3, PHANTOM.image, PHANTOM.image], 1, seed);
  const seen = seededValues("float32", [3, IMAGE_TOKENS, DENSE_CLASSES.length], 1, 3);
  return {
    ...Object.assign({}, ...Object.entries(TEXTS).map(([name, texts]) => textFeeds(name, texts))),
    pixel_values: pixels(1),
    other_pixel_values: pixels(2),
    dense_targets: { ...seen, data: (seen.data as Float32Array).map(Math.abs) },
    dense_weights: { ...seen, data: (seen.data as Float32Array).map((value) => Math.abs(value) + 0.1) },
    ...pairFeeds(MEANINGS),
  };
}
