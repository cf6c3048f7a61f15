import { exampleFeeds } from "../onnx/example-feeds.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { declared, feedInputs } from "../onnx/values.ts";
import { int64, type Tensor } from "../tensor.ts";
import { ROWS_INPUT } from "./decoder-feeds.ts";

/** Sizes to trace a decoder with; all at least 2, so that no broadcast hides, and all different where they mean different things. */
const [BATCH, TOKENS, PAST, RANK] = [2, 3, 4, 2];

/** Example feeds for a decoder: exporters name its varying sizes differently, but each name says which size it is. */
export function traceFeeds(model: OnnxModel): Record<string, Tensor> {
  const sizes: Record<string, number> = {};
  for (const input of feedInputs(model))
    for (const dim of declared(input).dims ?? []) if (typeof dim === "string") sizes[dim] = sizeOf(dim);
  const rows = feedInputs(model).some(({ name }) => name === ROWS_INPUT);
  return exampleFeeds(model, sizes, rows ? { [ROWS_INPUT]: int64([0], []) } : {});
}

function sizeOf(name: string): number {
  if (/batch/i.test(name)) return BATCH;
  if (/rank/i.test(name)) return RANK;
  if (/total|\+/i.test(name)) return PAST + TOKENS;
  if (/past/i.test(name)) return PAST;
  return TOKENS;
}
