import * as ort from "onnxruntime-node";
import type { Tensor } from "../../../kernels/tensor.ts";
import type { OnnxModel } from "../../../kernels/onnx/index.ts";
import { writeModel } from "../../../kernels/onnx/index.ts";

/** A loaded graph; release it. */
export interface OpenGraph {
  run(feeds: Record<string, Tensor>, outputs?: string[]): Promise<Record<string, Tensor>>;
  release(): Promise<void>;
}

/** Loads a graph into ONNX Runtime on the CPU, one thread and no graph optimisation: small graphs, reproducible sums. */
export async function openGraph(
  model: OnnxModel | Uint8Array,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<OpenGraph> {
  const session = await ort.InferenceSession.create(model instanceof Uint8Array ? model : writeModel(model), {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "disabled",
    logSeverityLevel: 4,
    intraOpNumThreads: 1,
    ...options,
  });
  return {
    async run(feeds, outputs) {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new ort.Tensor(type, data as never, dims)]),
      );
      const results = await session.run(inputs, outputs ?? session.outputNames);
      return Object.fromEntries(
        Object.entries(results).map(([name, { type, data, dims }]) => [
          name,
          { type, data, dims } as unknown as Tensor,
        ]),
      );
    },
    release: () => session.release(),
  };
}

/** Loads, runs once and releases. */
export async function runGraph(
  model: OnnxModel | Uint8Array,
  feeds: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const graph = await openGraph(model);
  try {
    return await graph.run(feeds);
  } finally {
    await graph.release();
  }
}
