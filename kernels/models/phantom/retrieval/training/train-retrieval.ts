import { startWorker } from "../../../../start-worker.ts";
import type { Runtime } from "../../../../runtime/runtime.ts";
import { train } from "../../../../runtime/training/train.ts";
import type { Tensor } from "../../../../tensor.ts";
import { VOCABULARY_SIZE } from "../../tokenizer/tokenizer-files.ts";
import { BatchThread } from "../../training/batch-thread.ts";
import { contrastiveGraph } from "../network/contrastive-graph.ts";
import { DENSE_SHARE, SETTINGS } from "./settings.ts";

export interface TrainRetrievalOptions {
  /** Checkpoint; a run that was stopped goes on from here. */
  folder: string;
  /** Seed of weights, scenes and wordings. */
  seed: number;
  /** What the vision stage has learnt: the image tower begins with it. */
  seen: Readonly<Record<string, Tensor>>;
  /** Default: those of a full run. */
  steps?: number;
  signal?: AbortSignal;
  /** Called with every step. */
  onStep?: (progress: { step: number; steps: number; loss: number; lr: number; gradNorm: number }) => void;
}

const EVERY = 100;

/**
 * Trains the retrieval encoder on top of the vision stage. The same seed and steps give the same weights, stopped and resumed or not, on one machine.
 *
 * Returns the weights by name, those of the dense head and the temperatures included.
 * Throws: CheckpointError where the folder belongs to a run with other settings; CancelledError, after which the folder holds what was
 * reached at the last checkpoint.
 */
export async function trainRetrieval(
  runtime: Runtime,
  options: TrainRetrievalOptions,
): Promise<Record<string, Tensor>> {
  const { folder, seed, seen, steps = SETTINGS.steps, signal } = options;
  const worker = startWorker("retrieval-worker", import.meta.url, { name: "medke batches", workerData: seed });
  const batches = new BatchThread<number>(worker);
  try {
    const { model, parameters } = contrastiveGraph(VOCABULARY_SIZE, DENSE_SHARE, {
      seed,
      weights: new Map(Object.entries(seen)),
    });
    const { batch, optimiser, warmup, floor } = SETTINGS;
    const trained = await train(runtime, {
      model,
      parameters: [...parameters.keys()],
      optimiser,
      clip: { norm: 1 },
      data: { at: (step) => batches.at(step) },
      steps,
      batchSize: batch,
      seed,
      schedule: { kind: "cosine", steps, warmup: Math.min(warmup, Math.ceil(steps / 10)), floor },
      checkpoint: { folder, every: EVERY },
      signal,
      onProgress: ({ step, loss, lr, gradNorm }) => options.onStep?.({ step, steps, loss, lr, gradNorm }),
    });
    return trained.parameters;
  } finally {
    await batches.close();
  }
}
