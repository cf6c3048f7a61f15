import { withContents } from "../example-feeds.ts";
import type { ExampleShape } from "../example-feeds.ts";
import type { OnnxModel } from "../graph.ts";
import { trace } from "../trace.ts";
import type { RunGraph, Trace } from "../trace.ts";
import { inferTrace } from "./infer-trace.ts";
import { ShapeInferenceError } from "./shape-inference-error.ts";

/**
 * The trace of a graph: inferred, because a run with every value as an output would hold them all at once; by a run of the examples
 * only where an operator or a size cannot be inferred.
 *
 * Throws: TraceError, and what `run` throws.
 */
export async function learnTrace(
  model: OnnxModel,
  examples: Record<string, ExampleShape>,
  run: RunGraph,
): Promise<Trace> {
  try {
    return inferTrace(model, examples);
  } catch (error) {
    if (!(error instanceof ShapeInferenceError)) throw error;
    return trace(model, withContents(examples), run);
  }
}
