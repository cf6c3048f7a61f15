import { withGraph } from "../onnx/graph.ts";
import type { OnnxModel } from "../onnx/graph.ts";
import { prune } from "../onnx/prune.ts";
import { selectEarly } from "../onnx/surgery/select-early.ts";
import { transposedProducts } from "../onnx/surgery/transposed-products.ts";
import type { Decoder } from "./decoder.ts";

/** A graph with the outputs `kept` alone, in which nothing behind the last attention computes rows that are not scored. */
export async function scoredRowsOnly(decoder: Decoder, model: OnnxModel, kept: readonly string[]): Promise<OnnxModel> {
  const output = model.graph.output.filter(({ name }) => kept.includes(name));
  const asked = prune(withGraph(model, { output }));
  const early = selectEarly(asked, await decoder.trace(asked));
  return transposedProducts(early, await decoder.trace(early));
}
