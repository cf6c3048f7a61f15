import { readFileSync } from "node:fs";
import { join } from "node:path";
import { exampleFeeds, inferTrace, exampleShapes, readModel } from "../../../kernels/onnx/index.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import type { Tensor } from "../../../kernels/tensor.ts";
import { int64 } from "../../../kernels/tensor.ts";
import { seededValues } from "./seeded-values.ts";

const FILE = "kernels/models/phantom/weights/onnx/decoder_model_merged.onnx";

/** The decoder of the embedded model: five layers of 192, a gated MLP, 896 words. */
export const phantomDecoder = (): OnnxModel =>
  readModel(readFileSync(join(import.meta.dirname, "../../..", FILE)), FILE);

/** One sequence with nothing cached, all floats seeded; `given` replaces and adds sizes. */
export function phantomFeeds(
  model: OnnxModel,
  [batch, tokens]: readonly [number, number],
  type: "float32" | "float64" = "float32",
  given: Record<string, number> = {},
): Record<string, Tensor> {
  const sizes = { batch_size: batch, sequence_length: tokens, past_sequence_length: 0, ...given };
  const positions = Array.from({ length: batch * tokens }, (_, i) => i % tokens);
  const feeds = exampleFeeds(model, sizes, {
    inputs_embeds: seededValues(type, [batch, tokens, 192], 0.5, 11),
    position_ids: int64(positions, [batch, tokens]),
  });
  if (feeds.labels) {
    const { dims, data } = feeds.labels;
    feeds.labels = int64(Array.from({ length: data.length }, (_, i) => (37 * i + 5) % 896), [...dims]); // prettier-ignore
  }
  return feeds;
}

/** A trace at sizes that hide nothing. */
export const phantomTrace = (model: OnnxModel, given: Record<string, number> = {}) =>
  inferTrace(
    model,
    exampleShapes(model, { batch_size: 2, sequence_length: 3, past_sequence_length: 4, rank: 2, ...given }),
  );
