import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserFacingError } from "../../../errors.ts";
import type { BuiltModel } from "../../../onnx/build/index.ts";
import type { Runtime } from "../../../runtime/runtime.ts";
import { compileTraining } from "../../../runtime/training/index.ts";
import { train } from "../../../runtime/training/train.ts";
import type { Tensor } from "../../../tensor.ts";
import { VOCABULARY_SIZE } from "../tokenizer/tokenizer-files.ts";
import { languageStage, visionStage } from "../network/training-graphs.ts";
import type { Stage } from "./batch-protocol.ts";
import { Batches } from "./batches.ts";
import { DENSE_SHARE, STAGES, TEXT_TOKENS } from "./settings.ts";

/** Cause: a training folder belongs to a run with another seed. Handled by: the user, who names another folder. */
export class TrainingPlanError extends UserFacingError {}

export interface TrainPhantomOptions {
  /** Checkpoints and the plan; a run that was stopped goes on from here. */
  folder: string;
  seed: number;
  /** Wall time to aim at on this machine. Default: the steps of a full run, however long they take. */
  minutes?: number;
  /** Steps of each stage, in place of a full run's. */
  steps?: Record<Stage, number>;
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

type Plan = { seed: number; steps: Record<Stage, number> };

/** Trained weights by name, those of the dense head included. */
export type PhantomWeights = Record<string, Tensor>;

const EVERY = 250;

/**
 * Trains the phantom model from nothing, in two stages: the encoder learns to say what is where, then all learns to answer. The same
 * seed and steps give the same weights, stopped and resumed or not, on one machine.
 *
 * Throws: TrainingPlanError; CancelledError, after which the folder holds what was reached at the last checkpoint.
 */
export async function trainPhantom(runtime: Runtime, options: TrainPhantomOptions): Promise<PhantomWeights> {
  const { folder, seed, signal } = options;
  await mkdir(folder, { recursive: true });
  const batches = new Batches({
    seed,
    batch: { vision: STAGES.vision.batch, language: STAGES.language.batch },
    text: TEXT_TOKENS,
  });
  try {
    const builders = {
      vision: () => visionStage({ seed }),
      language: (weights: ReadonlyMap<string, Tensor>) =>
        languageStage(VOCABULARY_SIZE, TEXT_TOKENS, DENSE_SHARE, { seed, weights }),
    };
    const plan = await planOf(options, () => measureSteps(runtime, batches, builders, options.minutes!));
    const run = (stage: Stage, { model, parameters }: BuiltModel) => {
      const { batch, optimiser, warmup, floor } = STAGES[stage];
      const steps = plan.steps[stage];
      return train(runtime, {
        model,
        parameters: [...parameters.keys()],
        optimiser,
        clip: { norm: 1 },
        data: { at: (step) => batches.at(stage, step) },
        steps,
        batchSize: batch,
        seed,
        schedule: { kind: "cosine", steps, warmup: Math.min(warmup, Math.ceil(steps / 10)), floor },
        checkpoint: { folder: join(folder, stage), every: EVERY },
        signal,
        onProgress: ({ step, loss, lr, gradNorm }) => options.onStep?.({ stage, step, steps, loss, lr, gradNorm }),
      });
    };
    const seen = await run("vision", builders.vision());
    const known = await run("language", builders.language(new Map(Object.entries(seen.parameters))));
    return known.parameters;
  } finally {
    await batches.close();
  }
}

/** The plan that the folder was begun with, or a new one. */
async function planOf(
  { folder, seed, minutes, steps: given }: TrainPhantomOptions,
  measure: () => Promise<Plan["steps"]>,
): Promise<Plan> {
  const file = join(folder, "plan.json");
  const saved = await readFile(file, "utf8").catch(() => undefined);
  if (saved) {
    const plan = JSON.parse(saved) as Plan;
    if (plan.seed === seed) return plan;
    throw new TrainingPlanError(
      `${folder}: the training in it began with seed ${plan.seed}, not ${seed}. Use that seed, or another folder with --work.`,
    );
  }
  const full = { vision: STAGES.vision.steps, language: STAGES.language.steps };
  const steps = given ?? (minutes === undefined ? full : await measure());
  const plan = { seed, steps };
  await writeFile(file, JSON.stringify(plan) + "\n");
  return plan;
}

const [WARM, MEASURED] = [2, 6];

/** Steps that fit into the minutes, in the proportion of a full run; the first steps of each stage are timed and thrown away. */
async function measureSteps(
  runtime: Runtime,
  batches: Batches,
  builders: { vision: () => BuiltModel; language: (weights: ReadonlyMap<string, Tensor>) => BuiltModel },
  minutes: number,
): Promise<Plan["steps"]> {
  const seconds = { vision: 0, language: 0 };
  for (const stage of ["vision", "language"] as const) {
    const { model, parameters } = builders[stage](new Map());
    const { optimiser } = STAGES[stage];
    const program = await compileTraining(runtime, { model, parameters: [...parameters.keys()], optimiser });
    let started = 0;
    for (let step = 0; step < WARM + MEASURED; step++) {
      if (step === WARM) started = performance.now();
      await program.step(await batches.at(stage, step), step + 1, optimiser.lr);
    }
    seconds[stage] = (performance.now() - started) / 1000 / MEASURED;
    await program.release();
  }
  const full = seconds.vision * STAGES.vision.steps + seconds.language * STAGES.language.steps;
  const share = (minutes * 60) / full;
  const scaled = (stage: Stage) => Math.max(20, Math.round(STAGES[stage].steps * share));
  return { vision: scaled("vision"), language: scaled("language") };
}
