import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BuiltModel } from "../../../onnx/build/index.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { train } from "../../../runtime/training/train.ts";
import { startWorker } from "../../../start-worker.ts";
import type { Tensor } from "../../../tensor.ts";
import { VOCABULARY_SIZE } from "../tokenizer/tokenizer-files.ts";
import { alignedProjector } from "../network/aligned-projector.ts";
import { languageStage, visionStage } from "../network/training-graphs.ts";
import { perStage } from "./batch-protocol.ts";
import type { BatchRequest, BatchWorkerData, Stage } from "./batch-protocol.ts";
import { BatchThread } from "./batch-thread.ts";
import { BlockEncoder } from "./block-encoder.ts";
import { DENSE_CLASSES } from "./dense-targets.ts";
import { measureSteps } from "./measure-steps.ts";
import { DENSE_SHARE, SETTINGS, TEXT_TOKENS } from "./settings.ts";
import { planOf } from "./training-plan.ts";

export interface TrainPhantomOptions {
  /** Checkpoints and the plan; a run that was stopped goes on from here. */
  folder: string;
  seed: number;
  /** Wall time to aim at on this machine. Default: the steps of a full run, however long they take. */
  minutes?: number;
  /** Steps of each stage, in place of a full run's. */
  steps?: Record<Stage, number>;
  /** Where to stop. Default: after the last stage. */
  until?: Stage;
  signal?: AbortSignal;
  /** Called with every step. */
  onStep?: (progress: StepProgress) => void;
}

export interface StepProgress {
  stage: Stage;
  step: number;
  steps: number;
  loss: number;
  lr: number;
  gradNorm: number;
}

/** Trained weights by name, those of the dense head included. */
export type PhantomWeights = Record<string, Tensor>;

const EVERY = 250;

/**
 * Trains the phantom model from nothing, in three stages: the encoder's stem learns to say what is where, then all learns to answer, and
 * at last to read questions whose first words decide what is meant. The same seed and steps give the same weights, stopped and resumed or
 * not, on one machine.
 *
 * Throws: TrainingPlanError; CheckpointError where the folder holds a checkpoint with other settings; CancelledError, after which the
 * folder holds what was reached at the last checkpoint.
 */
export async function trainPhantom(runtime: Runtime, options: TrainPhantomOptions): Promise<PhantomWeights> {
  const { folder, seed, signal, until } = options;
  await mkdir(folder, { recursive: true });
  const batch = perStage((stage) => SETTINGS[stage].batch);
  const workerData: BatchWorkerData = { seed, batch, text: TEXT_TOKENS };
  const batches = new BatchThread<BatchRequest>(
    startWorker("batch-worker", import.meta.url, { name: "medke batches", workerData }),
  );
  try {
    const builders: Record<Stage, (weights: ReadonlyMap<string, Tensor>) => BuiltModel> = {
      vision: () => visionStage({ seed }),
      language: (weights) => languageStage(VOCABULARY_SIZE, TEXT_TOKENS, DENSE_SHARE, { seed, weights }),
      wordings: (weights) => languageStage(VOCABULARY_SIZE, TEXT_TOKENS, DENSE_SHARE, { seed, weights }),
    };
    const plan = await planOf(options, (minutes) => measureSteps(runtime, batches, builders, minutes));
    const run = (stage: Stage, { model, parameters }: BuiltModel) => {
      const { batch: batchSize, optimiser, warmup, floor } = SETTINGS[stage];
      const steps = plan.steps[stage];
      return train(runtime, {
        model,
        parameters: [...parameters.keys()],
        optimiser,
        clip: { norm: 1 },
        data: { at: (step) => batches.at({ stage, step }) },
        steps,
        batchSize,
        seed,
        schedule: { kind: "cosine", steps, warmup: Math.min(warmup, Math.ceil(steps / 10)), floor },
        checkpoint: { folder: join(folder, stage), every: EVERY },
        signal,
        onProgress: ({ step, loss, lr, gradNorm }) => options.onStep?.({ stage, step, steps, loss, lr, gradNorm }),
      });
    };
    const seen = await run("vision", builders.vision(new Map()));
    if (until === "vision") return seen.parameters;
    const known = await run("language", builders.language(alignedStart(seen.parameters, seed)));
    return (await run("wordings", builders.wordings(new Map(Object.entries(known.parameters))))).parameters;
  } finally {
    await batches.close();
  }
}

/** Weights that the second stage begins with: the stem's, and a projector that speaks the decoder's words. */
function alignedStart(seen: PhantomWeights, seed: number): ReadonlyMap<string, Tensor> {
  const { parameters } = languageStage(VOCABULARY_SIZE, TEXT_TOKENS, DENSE_SHARE, { seed });
  const encoder = new BlockEncoder();
  const head = { weight: seen["dense_head.weight"], bias: seen["dense_head.bias"] };
  // As the names stand in questions, behind a blank.
  const names = DENSE_CLASSES.map((name) => encoder.encode(` ${name}`));
  const [weight, bias] = ["multi_modal_projector.linear.weight", "multi_modal_projector.linear.bias"];
  const projector = alignedProjector(
    head,
    parameters.get("model.embed_tokens.weight")!,
    names,
    parameters.get(weight)!,
  );
  return new Map(Object.entries({ ...seen, [weight]: projector.weight, [bias]: projector.bias }));
}
