import type { InferenceSession } from "onnxruntime-node";

/**
 * ONNX Runtime's settings for one session, each with the reason why it is not the default. Values under `extra` must be strings.
 */
export function sessionOptions({
  device,
  optimise,
  folder,
  packed = false,
  cpuNodes = [],
}: {
  device: "cpu" | "webgpu";
  optimise: boolean;
  folder?: string;
  /** Whether weights in `folder` are packed all the same. */
  packed?: boolean;
  cpuNodes?: readonly string[];
}): InferenceSession.SessionOptions {
  return {
    // No silent fallback: WebGPU sessions still list the CPU, because shape arithmetic runs there, but fail at create without an adapter.
    executionProviders: device === "webgpu" ? [webgpu(cpuNodes), "cpu"] : ["cpu"],
    graphOptimizationLevel: optimise ? "all" : "disabled",
    logSeverityLevel: 3,
    extra: {
      optimization: { disable_specified_optimizers: INEXACT_FUSIONS.join(";") },
      session: {
        // Threads that spin for as long as ONNX Runtime lets them make steps 1.6 to 3.9 times slower on two cores; threads that sleep at
        // once are woken for every operator, and small ones then take longer on two threads than on one. This is about the time between
        // two operators of a training step.
        intra_op: { allow_spinning: "1", spin_duration_us: "20" },
        ...(folder !== undefined && {
          // A graph given as bytes has no folder of its own; locations would count from the working directory.
          model_external_initializers_file_folder_path: folder,
          // Every session would pack its own copy of every weight. Without, all sessions read the one mapped file: three graphs over
          // 256 MB take 22 MB of their own instead of 790 MB and open in milliseconds, for runs of many rows that take about a tenth longer.
          disable_prepacking: packed ? "0" : "1",
        }),
      },
    },
  };
}

/**
 * Fusions that round otherwise than the nodes they replace and that an edit prevents, by reading or changing a value in between. With
 * them a graph with side inputs of zeros, or with a value made an output, would differ from the base in the last bits. The others
 * gave the same bits in every family that was tried.
 */
const INEXACT_FUSIONS = [
  // The logits times a factor (capped logits) become one product with that factor.
  "MatMulScaleFusion",
  // A residual sum and the norm that reads it; by itself it applies only where nothing else reads the sum.
  "SkipLayerNormFusion",
];

/** ONNX Runtime refuses an empty list of names. */
const webgpu = (cpuNodes: readonly string[]): InferenceSession.ExecutionProviderConfig =>
  cpuNodes.length ? { name: "webgpu", forceCpuNodeNames: cpuNodes } : "webgpu";
